// Package ownlogger logs through a package of the program's own.
package ownlogger

import (
	"context"
	"errors"
	"fmt"

	"clinic.example/testdata/logshapes/ownlogger/applog"
	"clinic.example/testdata/model"
)

func attributes(ctx context.Context, p model.Patient, v, ward string) {
	applog.Info(ctx, "found", applog.String("id", p.SSN))   // want "PHI201 p.SSN is logged"
	applog.Info(ctx, "found", applog.String("ssn", v))      // want "PHI201 ssn is logged"
	applog.Info(ctx, "found "+p.SSN)                        // want "PHI201"
	applog.Info(ctx, "found", applog.String("ward", ward))  // ok: no PHI
	err := fmt.Errorf("patient %s", p.SSN)                  // want "PHI204"
	applog.Info(ctx, "failed", applog.Err(err))             // want "PHI205"
	applog.Info(ctx, "failed", applog.Err(errors.New("x"))) // ok: a constant
}

func channel(l *applog.AsyncLogger, a *applog.AuditLog, p model.Patient, ward string) {
	l.Warn("found", map[string]any{"id": p.SSN})  // want "PHI201"
	l.Warn("found "+p.SSN, nil)                   // want "PHI201"
	l.Warn("found", map[string]any{"ward": ward}) // ok: no PHI
	a.Log("found", map[string]any{"id": p.SSN})   // ok: a record is kept, and not in a log
}
