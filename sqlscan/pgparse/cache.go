package pgparse

import (
	"sync"

	pg_query "github.com/pganalyze/pg_query_go/v6"
)

// A Cache remembers what statements parse to, by their text, for callers that
// parse nearly the same files again and again. The trees are shared: whoever
// gets one must not change it, and nobody in this module does.
//
// A nil Cache remembers nothing. A Cache is safe for concurrent use.
type Cache struct {
	limit int // bytes of SQL text

	mu      sync.Mutex
	turn    int
	size    int
	swept   int // the turn of the last sweep
	entries map[cacheKey]*cacheEntry
}

// cacheKey is a text and what was made of it.
type cacheKey struct {
	sql string
	pl  bool
}

type cacheEntry struct {
	used int // the last turn that asked for it
	tree *pg_query.ParseResult
	pl   *PLFunction
	err  error
}

// NewCache returns a cache for texts of limit bytes together. Trees take about
// forty times the space of their text, those of long lists of values ten times.
func NewCache(limit int) *Cache {
	return &Cache{limit: limit, entries: map[cacheKey]*cacheEntry{}}
}

// Turn starts a new pass over the files. What neither this pass nor the one
// before has asked for makes way when space runs out.
func (c *Cache) Turn() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
}

// Size returns how many bytes of text the cache holds.
func (c *Cache) Size() int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}

// get returns the entry of a text, made by fill if there is none. The parser
// is not called under the lock: it takes long, and has a lock of its own.
func (c *Cache) get(key cacheKey, fill func(*cacheEntry)) *cacheEntry {
	if c == nil {
		e := new(cacheEntry)
		fill(e)
		return e
	}
	c.mu.Lock()
	e := c.entries[key]
	if e != nil {
		e.used = c.turn
		c.mu.Unlock()
		return e
	}
	c.mu.Unlock()
	e = new(cacheEntry)
	fill(e)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.makeRoom(len(key.sql)) && c.entries[key] == nil {
		e.used = c.turn
		c.entries[key] = e
		c.size += len(key.sql)
	}
	return e
}

// makeRoom reports whether n more bytes fit, after dropping what is out of use.
// A history that is larger than the cache keeps what came first: dropping the
// oldest would, in a pass that always starts at the front, drop everything.
func (c *Cache) makeRoom(n int) bool {
	if c.size+n > c.limit && c.swept < c.turn {
		c.swept = c.turn
		for key, e := range c.entries {
			if e.used < c.turn-1 {
				delete(c.entries, key)
				c.size -= len(key.sql)
			}
		}
	}
	return c.size+n <= c.limit
}

func (c *Cache) parseText(sql string) (*pg_query.ParseResult, *SyntaxError) {
	e := c.get(cacheKey{sql: sql}, func(e *cacheEntry) {
		if tree, err := parseText(sql); err != nil {
			e.err = err
		} else {
			e.tree = tree
		}
	})
	return e.tree, copyError(e.err)
}

// copyError gives each caller an error of its own: callers move the offset.
func copyError(err error) *SyntaxError {
	if s, ok := err.(*SyntaxError); ok {
		own := *s
		return &own
	}
	return nil
}

// ParsePLpgSQL reads the body of a CREATE FUNCTION, CREATE PROCEDURE or DO
// statement. The text is that of the statement alone. Other languages and
// statements give [ErrNotPLpgSQL], a body that does not parse a *[SyntaxError].
func (c *Cache) ParsePLpgSQL(stmt string) (*PLFunction, error) { return c.plpgsql(stmt, nil) }

// plpgsql is ParsePLpgSQL for a caller that may have the tree of stmt.
func (c *Cache) plpgsql(stmt string, node *Node) (*PLFunction, error) {
	e := c.get(cacheKey{stmt, true}, func(e *cacheEntry) {
		e.pl, e.err = c.parsePLpgSQL(stmt, node)
		if e.pl != nil {
			e.pl.remember(c)
		}
	})
	if own := copyError(e.err); own != nil {
		return nil, own
	}
	return e.pl, e.err
}

// remember makes the expressions of a body use the cache too.
func (f *PLFunction) remember(c *Cache) {
	if c == nil {
		return
	}
	for _, v := range f.Vars {
		for _, e := range []*PLExpr{v.Default, v.Cursor} {
			if e != nil {
				e.cache = c
			}
		}
	}
	f.Walk(func(s *PLStatement) bool {
		for _, e := range s.All() {
			if e != nil {
				e.cache = c
			}
		}
		return true
	})
}
