// Package httpapi serves the front desk's screens.
package httpapi

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/clinic/internal/appointments"
	"example.com/clinic/internal/billing"
	"example.com/clinic/internal/encounters"
	"example.com/clinic/internal/patients"
	"example.com/clinic/internal/postgres"
)

// Server holds what the handlers need.
type Server struct {
	Patients     *patients.Store
	Appointments *appointments.Book
	Chart        *encounters.Chart
	Ledger       *billing.Ledger
	Lab          *pgxpool.Pool
	Log          *slog.Logger
}

// Handler returns the routes.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("POST /sign-in", s.signIn)
	mux.HandleFunc("POST /bedside", s.openChart)
	mux.HandleFunc("POST /patients", s.register)
	mux.HandleFunc("GET /patients/{id}", s.patient)
	mux.HandleFunc("POST /patients/search", s.search)
	mux.HandleFunc("POST /patients/lookup", s.lookup)
	mux.HandleFunc("POST /encounters", s.record)
	mux.HandleFunc("POST /encounters/history", s.history)
	mux.HandleFunc("DELETE /claims/{id}", s.cancelClaim)
	return mux
}

func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	var reg patients.Registration
	if err := json.NewDecoder(r.Body).Decode(&reg); err != nil {
		http.Error(w, "the request is not a registration", http.StatusBadRequest)
		return
	}
	id, err := s.Patients.Register(r.Context(), reg)
	if err != nil {
		s.Log.Error("register", "err", err)
		http.Error(w, "the patient could not be registered", http.StatusConflict)
		return
	}
	writeJSON(w, map[string]string{"id": id})
}

func (s *Server) patient(w http.ResponseWriter, r *http.Request) {
	p, err := s.Patients.Get(r.Context(), r.PathValue("id"))
	if errors.Is(err, patients.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.Log.Info("patient read", "patient", p)
	writeJSON(w, p)
}

func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 20
	}
	f := patients.Filter{
		FirstName: r.PostFormValue("first_name"),
		LastName:  r.PostFormValue("last_name"),
		Phone:     r.PostFormValue("phone"),
		SortBy:    r.FormValue("sort"),
		Limit:     limit,
	}
	found, err := s.Patients.Search(r.Context(), f)
	if err != nil {
		state, _ := postgres.Code(err)
		s.Log.Error("search patients", "sqlstate", state)
		http.Error(w, "search is not available", http.StatusInternalServerError)
		return
	}
	s.Log.Info("patients searched", "found", len(found), "limit", limit)
	writeJSON(w, found)
}

func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	ssn := r.PostFormValue("ssn")
	p, err := s.Patients.BySSN(r.Context(), ssn)
	if err != nil {
		s.Log.Warn("lookup without result: " + ssn)
		http.NotFound(w, r)
		return
	}
	writeJSON(w, p)
}

func (s *Server) record(w http.ResponseWriter, r *http.Request) {
	var e encounters.Encounter
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		http.Error(w, "the request is not an encounter", http.StatusBadRequest)
		return
	}
	if err := s.Chart.Record(r.Context(), e); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *Server) history(w http.ResponseWriter, r *http.Request) {
	list, err := s.Chart.History(r.Context(), r.PostFormValue("mrn"))
	if err != nil {
		s.Log.Error("read history", "patient_id", r.PostFormValue("patient_id"))
		http.Error(w, "the history is not available", http.StatusInternalServerError)
		return
	}
	writeJSON(w, list)
}

func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	if err := s.Lab.Ping(r.Context()); err != nil {
		s.Log.Warn("the laboratory's server does not answer")
		http.Error(w, "degraded", http.StatusServiceUnavailable)
	}
}

// signIn keeps a front desk's browser signed in over the week.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: rand.Text(), MaxAge: 7 * 24 * 3600, HttpOnly: true, Secure: true})
	w.WriteHeader(http.StatusNoContent)
}

// openChart lets a tablet at the bedside read one chart for a quarter of an hour.
func (s *Server) openChart(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "bedside_session", Value: rand.Text(), MaxAge: 15 * 60, HttpOnly: true, Secure: true})
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) cancelClaim(w http.ResponseWriter, r *http.Request) {
	if err := s.Ledger.Cancel(r.Context(), r.PathValue("id")); err != nil {
		http.Error(w, "the claim could not be cancelled", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
