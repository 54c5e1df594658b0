// Package logcases covers the loggers that the shapes in analyzers/testdata do
// not require.
package logcases

import (
	"errors"

	apex "github.com/apex/log"
	charm "github.com/charmbracelet/log"
	"github.com/go-kit/log"
	"github.com/go-logr/logr"
	fiberlog "github.com/gofiber/fiber/v2/log"
	"github.com/golang/glog"
	"github.com/hashicorp/go-hclog"
	"github.com/labstack/echo/v4"
	xslog "golang.org/x/exp/slog"
	"k8s.io/klog/v2"

	"libraries/cases"
)

var errConstant = errors.New("constant")

func hashicorp(l hclog.Logger, p cases.Patient, v, ward string) {
	l.Info("found", "id", p.SSN)            // want "PHI201"
	l.Error("found "+p.SSN, "ward", ward)   // want "PHI201"
	l.With("mrn", v).Info("found")          // want "PHI201 mrn is logged"
	l.Log(hclog.Info, "found", "ssn", v)    // want "PHI201 ssn is logged"
	l.Warn("config", "password", v)         // want "PHI211 password is logged"
	l.Debug("found", "ward", ward)          // ok: no PHI
	l.Debug("found", "patients", len(ward)) // ok: a number
}

func apexLog(p cases.Patient, v, ward string) {
	apex.WithField("id", p.SSN).Info("found")               // want "PHI201"
	apex.WithField("ssn", v).Info("found")                  // want "PHI201 ssn is logged"
	apex.WithFields(apex.Fields{"id": p.SSN}).Info("found") // want "PHI201"
	apex.Infof("found %s", p.SSN)                           // want "PHI201"
	apex.Info("found " + p.SSN)                             // want "PHI201"
	var l apex.Interface = apex.Log
	l.WithField("ssn", v).Warn("found")        // want "PHI201 ssn is logged"
	l.Errorf("found %s", p.LastName)           // want "PHI201"
	apex.WithField("ward", ward).Info("found") // ok: no PHI
	l.WithError(errConstant).Error("found")    // ok: a constant
}

func gokit(l log.Logger, p cases.Patient, v, ward string) {
	l.Log("msg", "found", "id", p.SSN)       // want "PHI201"
	l.Log("msg", "found", "ssn", v)          // want "PHI201 ssn is logged"
	log.With(l, "mrn", v).Log("msg", "x")    // want "PHI201 mrn is logged"
	l.Log("msg", "found", "ward", ward)      // ok: no PHI
	l.Log("msg", "found", "ssn", "redacted") // ok: a constant
}

func charmbracelet(l *charm.Logger, p cases.Patient, v, ward string) {
	charm.Info("found", "id", p.SSN)       // want "PHI201"
	charm.Infof("found %s", p.SSN)         // want "PHI201"
	l.Error("found", "ssn", v)             // want "PHI201 ssn is logged"
	l.With("mrn", v).Print("found")        // want "PHI201 mrn is logged"
	l.Errorf("found %s", p.LastName)       // want "PHI201"
	l.Debug("found", "ward", ward)         // ok: no PHI
	charm.Debugf("%d patients", len(ward)) // ok: a number
}

func kubernetes(l logr.Logger, p cases.Patient, v, ward string) {
	klog.Infof("found %s", p.SSN)                // want "PHI201"
	klog.InfoS("found", "ssn", v)                // want "PHI201 ssn is logged"
	klog.ErrorS(nil, "found", "id", p.SSN)       // want "PHI201"
	klog.V(2).Info("found ", p.SSN)              // want "PHI201"
	klog.V(2).InfoS("found", "mrn", v)           // want "PHI201 mrn is logged"
	l.Info("found", "id", p.SSN)                 // want "PHI201"
	l.WithValues("ssn", v).Info("found")         // want "PHI201 ssn is logged"
	l.V(1).Error(errConstant, "found", "mrn", v) // want "PHI201 mrn is logged"
	glog.Infof("found %s", p.SSN)                // want "PHI201"
	glog.V(1).Infof("found %s", p.LastName)      // want "PHI201"
	glog.Warningln("found", p.SSN)               // want "PHI201"
	l.Info("found", "ward", ward)                // ok: no PHI
	klog.InfoS("found", "patients", len(ward))   // ok: a number
	glog.Infof("%d patients", len(ward))         // ok: a number
	klog.V(2).Infof("type %T", p)                // ok: a type
}

func frameworks(c echo.Context, p cases.Patient, ward string) {
	c.Logger().Infof("found %s", p.SSN)  // want "PHI201"
	c.Logger().Error("found ", p.SSN)    // want "PHI201"
	c.Logger().Info("ward ", ward)       // ok: no PHI
	fiberlog.Infof("found %s", p.SSN)    // want "PHI201"
	fiberlog.Infow("found", "id", p.SSN) // want "PHI201"
	fiberlog.Info("ward ", ward)         // ok: no PHI
}

func experimental(p cases.Patient, v, ward string) {
	xslog.Info("found", "id", p.SSN)            // want "PHI201"
	xslog.Info("found", xslog.String("ssn", v)) // want "PHI201 ssn is logged"
	xslog.Info("found", "ward", ward)           // ok: no PHI
}
