package sqlshape

// Analyze says what each hole of the parts is.
func (c Context) Analyze(parts []Part) *Shape {
	s := &Shape{}
	for i, p := range parts {
		if p.Hole {
			s.Holes = append(s.Holes, Hole{ID: p.ID, Part: i})
		}
	}
	return s
}

// Rewrite puts placeholders of the given style in the place of the holes with
// the given IDs.
func (c Context) Rewrite(parts []Part, ids []int, style Style) *Rewrite {
	return &Rewrite{Reason: "not written yet"}
}
