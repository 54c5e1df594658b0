// Package trace has a logger for gorm of its own.
package trace

import (
	"context"
	"log"
	"time"

	"gorm.io/gorm/logger"
)

type plain struct{ logger.Interface }

func (plain) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	text, _ := fc()
	log.Print(text) // want "PHI208 logger for gorm"
}
