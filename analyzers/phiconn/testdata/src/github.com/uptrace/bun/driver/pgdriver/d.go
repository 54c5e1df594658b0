// Package pgdriver stands in for the real one.
package pgdriver

type Option func()

func WithInsecure(on bool) Option { return nil }
