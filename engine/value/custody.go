package value

// Custody fields are what the engine keeps of the records of forms that have pools, among their values:
// where they are at home, who had them, when they leave whoever has them. Every name is a system field of
// such a form; nobody sets one, and no form may define a field with such a key.
const (
	SysPool       FieldKey = "pool"       // the key of its home pool, also while somebody owns it
	SysPinned     FieldKey = "poolPinned" // true: somebody chose the pool; until a field that routes changes
	SysPooledAt   FieldKey = "pooledAt"   // since when nobody owns it; epoch milliseconds, as all times here
	SysAssignedAt FieldKey = "assignedAt" // since when its owner has it
	SysActivityAt FieldKey = "activityAt" // when the last follow-up that counts was entered, or happened if earlier
	SysClockAt    FieldKey = "clockAt"    // when the time of the rule that decides began
	SysReclaimAt  FieldKey = "reclaimAt"  // the sweep at that time, or the first after, takes it back; absent: none does
	SysReclaimBy  FieldKey = "reclaimBy"  // the rule that decides
	SysFormer     FieldKey = "formerOwner"
	SysFormerAt   FieldKey = "formerOwnerUntil"
	SysLocked     FieldKey = "lockedUntil"
	SysLockedBy   FieldKey = "lockedBy" // a person
	// SysHeld lists documents: what fields ("field") held ("was", absent for nothing) before their owner changed them so that
	// the deadline would have moved further away. It does not, as long as the last follow-up is that of SysHeldSince.
	SysHeld      FieldKey = "heldValues"
	SysHeldSince FieldKey = "heldSince"
	// Records of several pools that stand for one target share a group, and know which of them has won it.
	SysGroup      FieldKey = "targetGroup"    // the same for all of them
	SysGroupWonAt FieldKey = "targetWonAt"    // of the one that has won: since when
	SysClosedBy   FieldKey = "targetClosedBy" // of the others: the record that has won
	SysClosedIn   FieldKey = "targetClosedIn" // of the others: the pool that they have left for it
	// SysBeside: true of all but one of them, so that what counts targets counts each once.
	SysBeside FieldKey = "targetBeside"
)

// GroupFields lists those of them that only the records of forms have whose pools know groups, in a fixed order.
func GroupFields() []FieldKey {
	return []FieldKey{SysGroup, SysGroupWonAt, SysClosedBy, SysClosedIn, SysBeside}
}

// CustodyFields lists them in a fixed order.
func CustodyFields() []FieldKey {
	return []FieldKey{
		SysPool, SysPinned, SysPooledAt, SysAssignedAt, SysActivityAt, SysClockAt, SysReclaimAt, SysReclaimBy, SysFormer, SysFormerAt,
		SysLocked, SysLockedBy, SysHeld, SysHeldSince, SysGroup, SysGroupWonAt, SysClosedBy, SysClosedIn, SysBeside,
	}
}

// At returns the instant that a custody field keeps in epoch milliseconds; 0 for none.
func (d Doc) At(key FieldKey) int64 {
	ms, _ := d[string(key)].(int64)
	return ms
}

// Text returns the text of a field; "" for none.
func (d Doc) Text(key FieldKey) string {
	s, _ := d[string(key)].(string)
	return s
}

// Put sets a field, and takes it away for nil, "" and 0.
func (d Doc) Put(key FieldKey, v Value) {
	switch v {
	case nil, "", int64(0):
		delete(d, string(key))
	default:
		d[string(key)] = v
	}
}
