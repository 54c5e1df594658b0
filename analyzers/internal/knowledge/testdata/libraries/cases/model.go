// Package cases has the values that the cases of each library are about.
package cases

// Patient is a row of patients.
type Patient struct {
	ID        int64
	SSN       string
	LastName  string
	Diagnosis string
}

// Filter is what somebody looks for.
type Filter struct {
	SSN      string
	LastName string
	Sort     string
	Limit    int
}
