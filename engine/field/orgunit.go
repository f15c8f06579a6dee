package field

// orgunitKind holds one org unit.
func orgunitKind() Kind { return idField{spec{OrgUnit, []string{"string", "object"}, input}} }
