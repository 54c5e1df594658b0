package patients

import "context"

// Ready looks up the patient that the vendor enrolled for tests. It tells
// whether the index of record numbers answers.
func (s *Store) Ready(ctx context.Context) error {
	var n int
	return s.pool.QueryRow(ctx, "SELECT count(*) FROM app.patients WHERE mrn = $1", "MRN00990011").Scan(&n)
}

// Alive tells whether the table answers at all.
func (s *Store) Alive(ctx context.Context) error {
	var n int
	return s.pool.QueryRow(ctx, "SELECT count(*) FROM app.patients WHERE mrn = $1", "none").Scan(&n)
}
