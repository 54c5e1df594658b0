// Package config reads the service's settings from the environment.
package config

import (
	"cmp"
	"errors"
	"os"
	"time"
)

// defaultDatabaseURL serves docker compose on a developer's machine.
const defaultDatabaseURL = "postgres://clinic_api@localhost:5432/clinic?sslmode=disable"

// reportingDatabaseURL is the read replica that the nightly reports use.
const reportingDatabaseURL = "postgres://clinic_report@replica.clinic.example:5432/clinic?sslmode=verify-full"

// labDatabaseURL is the laboratory's server, which one account may read.
const labDatabaseURL = "postgres://lab_reader:bench-fiction-3@lab.clinic.example:5432/lab?sslmode=verify-full"

// Config holds everything that main needs to start the service.
type Config struct {
	Addr            string
	DatabaseURL     string
	ReportingURL    string
	LabURL          string
	EligibilityURL  string
	ShutdownTimeout time.Duration
}

// FromEnv reads the configuration. CLINIC_ELIGIBILITY_URL has no default.
func FromEnv() (Config, error) {
	c := Config{
		Addr:            cmp.Or(os.Getenv("CLINIC_ADDR"), ":8080"),
		DatabaseURL:     cmp.Or(os.Getenv("DATABASE_URL"), defaultDatabaseURL),
		ReportingURL:    cmp.Or(os.Getenv("REPORTING_DATABASE_URL"), reportingDatabaseURL),
		LabURL:          cmp.Or(os.Getenv("LAB_DATABASE_URL"), labDatabaseURL),
		EligibilityURL:  os.Getenv("CLINIC_ELIGIBILITY_URL"),
		ShutdownTimeout: 10 * time.Second,
	}
	if c.EligibilityURL == "" {
		return Config{}, errors.New("config: CLINIC_ELIGIBILITY_URL is not set")
	}
	return c, nil
}
