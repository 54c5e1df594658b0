package logcases

import (
	"context"

	"github.com/davecgh/go-spew/spew"
	"github.com/fatih/color"
	kratos "github.com/go-kratos/kratos/v2/log"
	"github.com/inconshreveable/log15"
	"github.com/k0kubun/pp/v3"
	"github.com/kr/pretty"
	"github.com/opentracing/opentracing-go"
	otlog "github.com/opentracing/opentracing-go/log"
	phuslu "github.com/phuslu/log"
	"go.opencensus.io/trace"
	"google.golang.org/grpc/grpclog"

	"libraries/cases"
)

func printers(p cases.Patient, ward string) {
	spew.Dump(p.SSN)                      // want "PHI201"
	spew.Dump(p)                          // want "PHI202"
	grpclog.Infoln(spew.Sdump(p.SSN))     // want "PHI201"
	pp.Println(p.SSN)                     // want "PHI201"
	pretty.Println(p.SSN)                 // want "PHI201"
	color.Red("patient %s", p.SSN)        // want "PHI201"
	color.New(color.FgRed).Println(p.SSN) // want "PHI201"
	grpclog.Info(color.RedString(p.SSN))  // want "PHI201"
	color.Green("ward %s", ward)          // ok: no PHI
	spew.Dump(ward)                       // ok: no PHI
	grpclog.Infof("%s", spew.Sdump(ward)) // ok: no PHI
}

// Of these loggers nothing is written down: their names tell.
func named(ctx context.Context, h *kratos.Helper, l *phuslu.Logger, p cases.Patient, v, ward string, n int) {
	kratos.Infof("patient %s", p.SSN)             // want "PHI201"
	kratos.Infow("msg", "found", "ssn", v)        // want "PHI201 ssn is logged"
	h.Errorf("patient %s", p.SSN)                 // want "PHI201"
	h.WithContext(ctx).Warn("patient ", p.SSN)    // want "PHI201"
	kratos.With(kratos.DefaultLogger, "ssn", v)   // want "PHI201 ssn is logged"
	grpclog.Warningf("patient %s", p.SSN)         // want "PHI201"
	grpclog.Component("x").Info(p.SSN)            // want "PHI201"
	log15.Info("found", "ssn", v)                 // want "PHI201 ssn is logged"
	log15.New("ssn", v).Warn("found")             // want "PHI201 ssn is logged"
	phuslu.Info().Str("ssn", v).Msg("found")      // want "PHI201 ssn is logged"
	phuslu.Info().Msgf("patient %s", p.SSN)       // want "PHI201"
	l.Warn().Any("patient", p).Msg("found")       // want "PHI202"
	l.Printf("patient %s", p.SSN)                 // want "PHI201"
	h.Infof("ward %s", ward)                      // ok: no PHI
	h.Infow("msg", "found", "patients", n)        // ok: a number
	phuslu.Info().Str("ward", ward).Msg("found")  // ok: no PHI
	phuslu.Info().Int("patients", n).Msg("found") // ok: a number
	log15.New("ward", ward).Warn("found")         // ok: no PHI
}

func spans(ctx context.Context, p cases.Patient, v, ward string) {
	span, ctx := opentracing.StartSpanFromContext(ctx, "patients")
	span.SetTag("ssn", v)                  // want "PHI209"
	span.LogKV("event", "found", "ssn", v) // want "PHI209"
	span.LogFields(otlog.String("ssn", v)) // want "PHI209"
	span.SetBaggageItem("patient", p.SSN)  // want "PHI209"
	span.SetTag("ward", ward)              // ok: no PHI
	_, census := trace.StartSpan(ctx, "patients")
	census.AddAttributes(trace.StringAttribute("ssn", v))     // want "PHI209"
	census.Annotate(nil, "found "+p.SSN)                      // want "PHI209"
	census.Annotatef(nil, "found %s", p.SSN)                  // want "PHI209"
	census.AddAttributes(trace.StringAttribute("ward", ward)) // ok: no PHI
}
