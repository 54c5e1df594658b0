// Package shop is about orders, and so are its tables.
package shop

import (
	"database/sql"
	"errors"
	"log"

	"github.com/jackc/pgx/v5/pgconn"
)

// Order is one.
type Order struct {
	ID, ProductID int
	Quantity      int
	Total         float64
}

// Product is what is sold.
type Product struct {
	ID    int
	SKU   string
	Price float64
}

// Stock says how many there are.
type Stock struct {
	ID, ProductID int
	Shelf         string
	Count         int
}

// Setting is one of the shop.
type Setting struct {
	Key   string `db:"key"`
	Value string `db:"value"`
}

func details(err error) {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		log.Println(pgErr.Detail)  // ok: nobody's health
		log.Printf("%#v", pgErr)   // ok: nobody's health
		log.Println(pgErr.Message) // ok: the text
	}
}

func settings(db *sql.DB) {
	db.Exec("INSERT INTO settings (theme) VALUES ('shop@orders.example.net')") // ok: the shop's address
}
