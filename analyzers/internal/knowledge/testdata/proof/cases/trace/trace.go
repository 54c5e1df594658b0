// Package trace has a logger for gorm of its own.
package trace

import (
	"context"
	"log"
	"time"

	"gorm.io/gorm/logger"
)

// Patient makes it a program about health.
type Patient struct {
	ID, FirstName, LastName, SSN, Diagnosis string
}

type failures struct{ logger.Interface }

func (failures) Trace(_ context.Context, begin time.Time, fc func() (string, int64), err error) {
	_, rows := fc()
	if err != nil {
		log.Printf("%d rows: %s", rows, err.Error()) // want "PHI205 logger for gorm"
		return
	}
	log.Print(time.Since(begin)) // ok: a duration
}

type other struct{ logger.Interface }

func (other) Trace(_ context.Context, _ time.Time, _ func() string, err error) {
	log.Print(err) // ok: no logger for gorm
}

type plain struct{ logger.Interface }

func (plain) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	text, _ := fc()
	log.Print(text) // want "PHI208 logger for gorm"
}
