// Package applog is a logger of one's own: over log/slog, and over a channel.
package applog

import (
	"context"
	"log/slog"
)

// String makes an attribute.
func String(key, value string) slog.Attr { return slog.String(key, value) }

// Err makes one of an error.
func Err(err error) slog.Attr { return slog.Any("error", err) }

// Info logs at that level.
func Info(ctx context.Context, msg string, attrs ...slog.Attr) {
	slog.Default().LogAttrs(ctx, slog.LevelInfo, msg, attrs...)
}

type line struct {
	text   string
	fields map[string]any
}

// AsyncLogger is read by another goroutine.
type AsyncLogger struct{ lines chan line }

// Warn logs at that level.
func (l *AsyncLogger) Warn(text string, fields map[string]any) { l.lines <- line{text, fields} }

// AuditLog keeps a record, and is none.
type AuditLog struct{ entries []line }

// Log adds to the record.
func (l *AuditLog) Log(text string, fields map[string]any) {
	l.entries = append(l.entries, line{text, fields})
}
