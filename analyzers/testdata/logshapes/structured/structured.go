// Package structured logs fields.
package structured

import (
	"context"
	"log/slog"
	"os"

	"github.com/rs/zerolog"
	zlog "github.com/rs/zerolog/log"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"

	"clinic.example/testdata/model"
)

func std(ctx context.Context, p model.Patient, v, ward string) {
	slog.Info("found", "patient", p.SSN)                                        // want "PHI201"
	slog.InfoContext(ctx, "found", slog.String("id", p.SSN))                    // want "PHI201"
	slog.LogAttrs(ctx, slog.LevelInfo, "found", slog.Any("dob", p.DateOfBirth)) // want "PHI201"
	slog.Info("found", slog.Group("patient", "ssn", p.SSN))                     // want "PHI201"
	slog.With("ssn", p.SSN).Info("found")                                       // want "PHI201"
	slog.Info("found", "ssn", v)                                                // want "PHI201 ssn is logged"
	slog.Info("found", slog.String("ssn", v))                                   // want "PHI201 ssn is logged"
	slog.Info("found", slog.Group("patient", "mrn", v))                         // want "PHI201 mrn is logged"
	slog.Default().Warn("found "+p.SSN, "ward", ward)                           // want "PHI201"
	slog.Info("found", "ward", ward)                                            // ok: no PHI
	slog.Info("found", "ssn", len(v))                                           // ok: a length
	slog.Info("found", "ssn", "redacted")                                       // ok: a constant
	slog.Info("found", "has_ssn", p.SSN != "")                                  // ok: a bool
	slog.New(slog.NewJSONHandler(os.Stderr, nil)).Info("found", "p", p.MRN)     // want "PHI201"
}

func uber(l *zap.Logger, p model.Patient, v, ward string) {
	l.Info("found", zap.String("id", p.SSN))                                 // want "PHI201"
	l.Info("found", zap.Any("dob", p.DateOfBirth))                           // want "PHI201"
	l.Info("found", zap.Strings("names", []string{p.FirstName, p.LastName})) // want "PHI201"
	l.With(zap.String("mrn", p.MRN)).Info("found")                           // want "PHI201"
	l.Info("found", zap.String("ssn", v))                                    // want "PHI201 ssn is logged"
	l.Info("found", zap.Int("patients", len(v)))                             // ok: a number
	l.Info("found", zap.String("ward", ward))                                // ok: no PHI
	l.Sugar().Infow("found", "ssn", p.SSN)                                   // want "PHI201"
	l.Sugar().Infow("found", "ssn", v)                                       // want "PHI201"
	l.Sugar().Infof("found %s", p.SSN)                                       // want "PHI201"
	l.Sugar().With("mrn", v).Info("found")                                   // want "PHI201"
	l.Sugar().Infow("found", "ward", ward)                                   // ok: no PHI
	l.Info("found", zap.Bool("adult", p.SSN != ""))                          // ok: a bool
	l.Info("found", zap.Reflect("patient", p))                               // want "PHI202"
	l.Info("found", zap.Any("patient", p))                                   // want "PHI202"
}

func zero(l zerolog.Logger, p model.Patient, v, ward string) {
	l.Info().Str("id", p.SSN).Msg("found")           // want "PHI201"
	l.Info().Str("ssn", v).Msg("found")              // want "PHI201 ssn is logged"
	l.Info().Time("born", p.DateOfBirth).Send()      // want "PHI201"
	l.Info().Interface("patient", p).Msg("found")    // want "PHI202"
	l.Info().Msgf("found %s", p.LastName)            // want "PHI201"
	zlog.Info().Str("ward", ward).Msg("found")       // ok: no PHI
	l.With().Str("mrn", p.MRN).Logger()              // want "PHI201"
	l.Info().Int("found", len(v)).Msg("patients")    // ok: a number
	l.Info().Bool("ssn", p.SSN != "").Msg("patient") // ok: a bool
	zlog.Print("patient ", p.SSN)                    // want "PHI201"
}

func rus(p model.Patient, v, ward string) {
	logrus.WithField("id", p.SSN).Info("found")                 // want "PHI201"
	logrus.WithField("ssn", v).Info("found")                    // want "PHI201 ssn is logged"
	logrus.WithFields(logrus.Fields{"id": p.MRN}).Info("found") // want "PHI201"
	logrus.WithFields(logrus.Fields{"ssn": v}).Info("found")    // want "PHI201 ssn is logged"
	logrus.Infof("found %s", p.LastName)                        // want "PHI201"
	logrus.New().Warnln("found", p.FirstName)                   // want "PHI201"
	logrus.WithField("ward", ward).Info("found")                // ok: no PHI
	logrus.WithFields(logrus.Fields{"ssn": "set"}).Info("x")    // ok: a constant
	var l logrus.FieldLogger = logrus.StandardLogger()
	l.WithField("patient", p).Info("found") // want "PHI202"
	l.Debugf("%d patients", len(v))         // ok: a number
}

func lines(p model.Patient, ward string) {
	logrus.WithFields(logrus.Fields{
		"ward": ward,
		"ssn":  p.SSN, // want "PHI201 p.SSN is logged"
	}).Info("found")
	slog.Info("found",
		"ward", ward,
		"name", p.LastName+" "+p.FirstName) // want "PHI201"
}
