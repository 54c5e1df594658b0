// Package model has the types of a clinic.
package model

import "time"

// Patient is a person under treatment.
type Patient struct {
	ID          int
	MRN         string
	SSN         string
	FirstName   string
	LastName    string
	DateOfBirth time.Time
	Phone       string
	Diagnosis   string
	CreatedAt   time.Time
}

// Filter is what a search of patients asks for.
type Filter struct {
	SSN      string
	LastName string
	Order    string
	Limit    int
	Offset   int
}

// Nurse is an employee.
type Nurse struct {
	ID    int
	Shift string
}
