// Cacheprog is a cache for the go command that keeps everything in one folder,
// as a shared cache of a team would: GOCACHEPROG="cacheprog DIR STATISTICS". When
// the go command ends it appends a line to the file STATISTICS: the numbers of
// hits, misses and of entries that were new.
//
// It is as simple as a test allows: no network, no eviction.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

type request struct {
	ID       int64
	Command  string
	ActionID []byte
	OutputID []byte
	BodySize int64
}

type response struct {
	ID            int64
	Err           string     `json:",omitempty"`
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: cacheprog DIR STATISTICS")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cacheprog:", err)
		os.Exit(1)
	}
}

func serve(dir, statistics string, in io.Reader, out io.Writer) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	dec, enc := json.NewDecoder(bufio.NewReader(in)), json.NewEncoder(out)
	if err := enc.Encode(response{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	var hits, misses, puts int
	for {
		var q request
		if err := dec.Decode(&q); err != nil {
			return err
		}
		r := response{ID: q.ID}
		action := filepath.Join(dir, "a-"+hex.EncodeToString(q.ActionID))
		switch q.Command {
		case "get":
			get(dir, action, &r)
			if r.Miss {
				misses++
			} else {
				hits++
			}
		case "put":
			var body []byte
			if q.BodySize > 0 {
				var text string
				if err := dec.Decode(&text); err != nil {
					return err
				}
				var err error
				if body, err = base64.StdEncoding.DecodeString(text); err != nil {
					return err
				}
			}
			puts++
			if err := put(dir, action, q.OutputID, body, &r); err != nil {
				r.Err = err.Error()
			}
		case "close":
			f, err := os.OpenFile(statistics, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
			if err != nil {
				return err
			}
			fmt.Fprintln(f, hits, misses, puts)
			if err := f.Close(); err != nil {
				return err
			}
			return enc.Encode(r)
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
}

func get(dir, action string, r *response) {
	name, err := os.ReadFile(action)
	if err != nil {
		r.Miss = true
		return
	}
	r.DiskPath = filepath.Join(dir, string(name))
	info, err := os.Stat(r.DiskPath)
	if err != nil {
		r.Miss = true
		return
	}
	at := info.ModTime()
	r.OutputID, _ = hex.DecodeString(string(name[2:]))
	r.Size, r.Time = info.Size(), &at
}

func put(dir, action string, output, body []byte, r *response) error {
	name := "o-" + hex.EncodeToString(output)
	r.DiskPath = filepath.Join(dir, name)
	if _, err := os.Stat(r.DiskPath); err != nil {
		if err := os.WriteFile(r.DiskPath+".tmp", body, 0o666); err != nil {
			return err
		}
		if err := os.Rename(r.DiskPath+".tmp", r.DiskPath); err != nil {
			return err
		}
	}
	return os.WriteFile(action, []byte(name), 0o666)
}
