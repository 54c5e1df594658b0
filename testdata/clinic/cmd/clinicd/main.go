// Command clinicd serves the clinic's front desk.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/jackc/pgx/v5/stdlib"

	"example.com/clinic/internal/appointments"
	"example.com/clinic/internal/billing"
	"example.com/clinic/internal/config"
	"example.com/clinic/internal/encounters"
	"example.com/clinic/internal/httpapi"
	"example.com/clinic/internal/patients"
	"example.com/clinic/internal/postgres"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	if err := run(log); err != nil {
		log.Error("clinicd stopped", "err", err)
		os.Exit(1)
	}
}

func run(log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	cfg, err := config.FromEnv()
	if err != nil {
		return err
	}
	log.Debug("open database", "url", cfg.DatabaseURL)
	pool, err := postgres.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	if u, err := url.Parse(cfg.LabURL); err == nil {
		log.Debug("open database of the laboratory", "url", u.Redacted())
	}
	lab, err := postgres.OpenLab(ctx, cfg.LabURL)
	if err != nil {
		return err
	}
	defer lab.Close()

	api := &httpapi.Server{
		Patients:     patients.NewStore(pool, log),
		Lab:          lab,
		Appointments: appointments.NewBook(pool, log),
		Chart:        encounters.NewChart(pool, log),
		Ledger:       billing.NewLedger(stdlib.OpenDBFromPool(pool)),
		Log:          log,
	}
	srv := &http.Server{Addr: cfg.Addr, Handler: api.Handler()}
	go func() {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.Background(), cfg.ShutdownTimeout)
		defer cancel()
		_ = srv.Shutdown(ctx)
	}()
	log.Info("clinicd listens", "addr", cfg.Addr)
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
