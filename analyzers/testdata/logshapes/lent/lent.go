// Package lent logs inside of function literals.
package lent

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"net/http"
	"sync"

	"clinic.example/testdata/model"
)

var retry func(f func() error, notify func(err error)) error

var inTx func(ctx context.Context, f func(tx *sql.Tx) error) error

func retried(db *sql.DB, p model.Patient) {
	err := retry(func() error {
		_, err := db.Exec("UPDATE patients SET ssn = $1", p.SSN)
		if err != nil {
			log.Println(err) // want "PHI205"
		}
		return err
	}, func(err error) {
		log.Println("again:", err) // want "PHI205"
	})
	log.Println(err) // want "PHI205"
}

func transaction(ctx context.Context, p model.Patient) {
	err := inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("UPDATE patients SET ssn = $1", p.SSN)
		return err
	})
	log.Println(err) // want "PHI205"
	err = inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM sessions")
		return err
	})
	log.Println(err) // ok: nothing was bound
	err = inTx(ctx, func(tx *sql.Tx) error { return errors.New("x") })
	log.Println(err) // ok: a constant
}

func deferred(p model.Patient) {
	defer func() { log.Println(p.SSN) }() // want "PHI201"
	go func() { log.Println(p.MRN) }()    // want "PHI201"
	func() { log.Println(p.LastName) }()  // want "PHI201"
}

func get(address string) {
	retry(func() error {
		_, err := http.Get(address)
		if err != nil {
			log.Println(err) // want "PHI205"
		}
		return err
	}, nil)
}

func asked(base, ssn string) {
	get(base + "?ssn=" + ssn) // want "PHI210"
}

func each(ps []model.Patient, f func(model.Patient)) {
	for _, p := range ps {
		f(p)
	}
}

func visited(ps []model.Patient) {
	each(ps, func(p model.Patient) {
		log.Println(p.SSN) // want "PHI201"
	})
	each(ps, func(p model.Patient) {
		log.Println(p.ID) // ok: a number
	})
	var once sync.Once
	once.Do(func() { log.Println(len(ps)) }) // ok: a number
}

type handler func(w http.ResponseWriter, r *http.Request) error

func handle(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			log.Println(err) // ok: whatever it is
		}
	}
}
