package field

// orgunitsKind holds some org units.
func orgunitsKind() Kind { return idsField{spec{OrgUnits, []string{"array"}, words(input, counts)}} }
