// Package outbox stores messages, and logs what goes wrong with that.
package outbox

import (
	"context"
	"database/sql"
	"log"
)

// Box stores messages.
type Box struct{ DB *sql.DB }

// Put stores a message.
func (b *Box) Put(ctx context.Context, kind, message string) {
	if _, err := b.DB.ExecContext(ctx, "INSERT INTO outbox (kind, message) VALUES ($1, $2)", kind, message); err != nil {
		log.Println(err)
	}
}
