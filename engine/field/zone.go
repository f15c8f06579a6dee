package field

// zoneKind holds one zone of the organisation.
func zoneKind() Kind { return idField{spec{Zone, []string{"string", "object"}, input}} }
