package logcases

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	ddtracer "github.com/DataDog/dd-trace-go/v2/ddtrace/tracer"
	"github.com/bugsnag/bugsnag-go"
	"github.com/getsentry/sentry-go"
	"github.com/honeybadger-io/honeybadger-go"
	"github.com/lib/pq"
	"github.com/newrelic/go-agent/v3/newrelic"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rollbar/rollbar-go"
	"github.com/slack-go/slack"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	ddtracerv1 "gopkg.in/DataDog/dd-trace-go.v1/ddtrace/tracer"

	"libraries/cases"
)

func update(db *sql.DB, p cases.Patient) error {
	_, err := db.Exec("UPDATE patients SET ssn = $1", p.SSN)
	return err
}

func errorServices(db *sql.DB, p cases.Patient, v, ward string) {
	err := update(db, p)
	sentry.CaptureException(err)                                        // want "PHI209"
	sentry.CaptureMessage("found " + p.SSN)                             // want "PHI209"
	sentry.AddBreadcrumb(&sentry.Breadcrumb{Message: "found " + p.SSN}) // want "PHI209"
	sentry.ConfigureScope(func(s *sentry.Scope) {
		s.SetTag("id", p.SSN)                        // want "PHI209"
		s.SetTag("ssn", v)                           // want "PHI209"
		s.SetTag("ward", ward)                       // ok: no PHI
		s.SetUser(sentry.User{Username: p.LastName}) // want "PHI209"
		s.SetContext("x", sentry.Context{"ssn": v})  // want "PHI209"
	})
	sentry.CaptureException(errConstant)                                        // ok: a constant
	bugsnag.Notify(err)                                                         // want "PHI209"
	bugsnag.Notify(errConstant, p.SSN)                                          // want "PHI209"
	bugsnag.Notify(errConstant)                                                 // ok: a constant
	rollbar.Error(err)                                                          // want "PHI209"
	rollbar.ErrorWithExtras(rollbar.ERR, errConstant, map[string]any{"ssn": v}) // want "PHI209"
	rollbar.Message(rollbar.INFO, "found "+p.SSN)                               // want "PHI209"
	rollbar.SetPerson(p.SSN, "", "")                                            // want "PHI209"
	rollbar.Message(rollbar.INFO, "ward "+ward)                                 // ok: no PHI
	honeybadger.Notify(err)                                                     // want "PHI209"
	honeybadger.Notify(errConstant, honeybadger.Context{"id": p.SSN})           // want "PHI209"
	honeybadger.Notify(errConstant)                                             // ok: a constant
}

func tracing(db *sql.DB, span trace.Span, p cases.Patient, v, ward string) {
	span.SetAttributes(attribute.String("id", p.SSN))                           // want "PHI209"
	span.SetAttributes(attribute.String("patient.ssn", v))                      // want "PHI209"
	span.SetAttributes(attribute.Key("id").String(p.SSN))                       // want "PHI209"
	span.SetAttributes(attribute.StringSlice("names", []string{p.LastName}))    // want "PHI209"
	span.AddEvent("found", trace.WithAttributes(attribute.String("id", p.SSN))) // want "PHI209"
	span.SetStatus(codes.Error, "no patient "+p.SSN)                            // want "PHI209"
	span.SetName("patient " + p.SSN)                                            // want "PHI209"
	span.RecordError(update(db, p))                                             // want "PHI209"
	span.SetAttributes(attribute.String("password", v))                         // want "PHI211"
	span.SetAttributes(attribute.String("ward", ward))                          // ok: no PHI
	span.SetAttributes(attribute.Int("patients", len(ward)))                    // ok: a number
	span.SetStatus(codes.Error, "no patient")                                   // ok: a constant
	span.RecordError(errConstant)                                               // ok: a constant
}

func agents(db *sql.DB, txn *newrelic.Transaction, app *newrelic.Application, p cases.Patient, v, ward string) {
	txn.AddAttribute("id", p.SSN)                                                             // want "PHI209"
	txn.AddAttribute("ssn", v)                                                                // want "PHI209"
	txn.NoticeError(update(db, p))                                                            // want "PHI209"
	app.RecordCustomEvent("found", map[string]any{"id": p.SSN})                               // want "PHI209"
	txn.AddAttribute("ward", ward)                                                            // ok: no PHI
	txn.NoticeError(errConstant)                                                              // ok: a constant
	s := ddtracer.StartSpan("find", ddtracer.ResourceName("find"), ddtracer.Tag("id", p.SSN)) // want "PHI209"
	s.SetTag("id", p.SSN)                                                                     // want "PHI209"
	s.SetTag("ssn", v)                                                                        // want "PHI209"
	s.SetTag("ward", ward)                                                                    // ok: no PHI
	s.Finish(ddtracer.WithError(update(db, p)))                                               // want "PHI209"
	old := ddtracerv1.StartSpan("find")
	old.SetTag("id", p.SSN)                         // want "PHI209"
	old.SetTag("ward", ward)                        // ok: no PHI
	old.Finish(ddtracerv1.WithError(update(db, p))) // want "PHI209"
}

func metrics(c *prometheus.CounterVec, h *prometheus.HistogramVec, p cases.Patient, ward string) {
	c.WithLabelValues(p.SSN).Inc()                    // want "PHI209"
	c.With(prometheus.Labels{"patient": p.SSN}).Inc() // want "PHI209"
	h.WithLabelValues(ward, p.LastName).Observe(1)    // want "PHI209"
	c.WithLabelValues(ward).Inc()                     // ok: no PHI
	c.With(prometheus.Labels{"ward": ward}).Inc()     // ok: no PHI
}

func chat(api *slack.Client, db *sql.DB, p cases.Patient, ward string) {
	api.PostMessage("#ops", slack.MsgOptionText("no patient "+p.SSN, false))                   // want "PHI209"
	api.PostMessage("#ops", slack.MsgOptionText(fmt.Sprint("failed: ", update(db, p)), false)) // want "PHI209"
	slack.PostWebhook("https://hooks.example", &slack.WebhookMessage{Text: "no " + p.SSN})     // want "PHI209"
	api.PostMessage("#ops", slack.MsgOptionText("ward "+ward, false))                          // ok: no PHI
	slack.PostWebhook("https://hooks.example", &slack.WebhookMessage{Text: "ready"})           // ok: constant
}

func withDetail(err error) {
	var pqErr *pq.Error
	if errors.As(err, &pqErr) {
		slog.Error("insert", "err", pqErr.ErrorWithDetail()) // want "PHI206"
		slog.Error("insert", "code", pqErr.Code)             // ok: a code
	}
}
