package tenant

// IsOpen tells whether a tenant is open, or being closed.
func (d *Directory) IsOpen(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open[id] != nil || d.closing[id] != nil
}
