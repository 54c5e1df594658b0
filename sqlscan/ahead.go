package sqlscan

import (
	"context"
	"runtime"

	"github.com/phivet/phivet/sqlscan/internal/source"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// parseAhead parses files on all processors and calls take with the statements
// of each, in the order of the files. The replay is a chain, since each file
// works on what the ones before have left; parsing is not, and takes longer.
func parseAhead(ctx context.Context, parser *pgparse.Cache, files []source.File, take func(*source.File, []pgparse.Statement)) error {
	parse := func(i int) []pgparse.Statement {
		statements := parser.Parse(files[i].SQL)
		parser.ParseBodies(files[i].SQL, statements)
		return statements
	}
	workers := min(runtime.GOMAXPROCS(0), len(files))
	// Each file has a channel of its own, so that the order of completion does
	// not matter; slots bound how far parsing runs ahead of the replay.
	parsed := make([]chan []pgparse.Statement, len(files))
	for i := range parsed {
		parsed[i] = make(chan []pgparse.Statement, 1)
	}
	slots := make(chan struct{}, 4*workers)
	next := make(chan int)
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(next)
		for i := range files {
			select {
			case slots <- struct{}{}:
			case <-stop.Done():
				return
			}
			next <- i
		}
	}()
	for range workers {
		go func() {
			for i := range next {
				parsed[i] <- parse(i)
			}
		}()
	}
	for i := range files {
		select {
		case statements := <-parsed[i]:
			take(&files[i], statements)
			<-slots
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
