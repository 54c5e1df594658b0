// Package shoplog writes the statements of a shop with their values.
package shoplog

import (
	"context"
	"log"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func open(d gorm.Dialector) (*gorm.DB, error) {
	return gorm.Open(d, &gorm.Config{Logger: logger.Default.LogMode(logger.Info)}) // want "PHI208 .* every statement"
}

type queryLog struct{}

func (queryLog) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	text, _ := fc()
	log.Print(text) // want "PHI208 "
}
