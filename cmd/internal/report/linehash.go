package report

import (
	"fmt"
	"unicode/utf8"
)

const (
	hashBlock = 100
	hashBase  = 37
	hashEOF   = 0xFFFF
)

// lineHashes computes, for every line from 1, the value that GitHub's upload
// action writes under partialFingerprints.primaryLocationLineHash: a rolling
// hash over the next 100 UTF-16 units that are no blanks, then a count among
// equal hashes. The action warns about every result whose value differs from
// its own, so this follows it unit by unit.
func lineHashes(content []byte) map[int]string {
	h := lineHasher{out: map[int]string{}, counts: map[uint64]int{}, lineStart: true, firstMod: 1}
	for i := range h.lines {
		h.lines[i] = -1
		h.firstMod *= hashBase
	}
	for len(content) > 0 {
		r, size := decodeRune(content)
		if r >= 0x10000 {
			r -= 0x10000
			h.unit(0xD800 + uint64(r>>10))
			h.unit(0xDC00 + uint64(r&0x3FF))
		} else {
			h.unit(uint64(r))
		}
		content = content[size:]
	}
	h.unit(hashEOF)
	for range hashBlock {
		h.flush()
		h.roll(0)
	}
	return h.out
}

type lineHasher struct {
	out       map[int]string
	counts    map[uint64]int
	window    [hashBlock]uint64
	lines     [hashBlock]int // the line that starts at this unit, or -1
	index     int
	hash      uint64
	firstMod  uint64
	line      int
	lineStart bool
	prevCR    bool
}

func (h *lineHasher) unit(u uint64) {
	if u == ' ' || u == '\t' || h.prevCR && u == '\n' {
		h.prevCR = false
		return
	}
	h.prevCR = u == '\r'
	if h.prevCR {
		u = '\n'
	}
	h.flush()
	if h.lineStart {
		h.lineStart = false
		h.line++
		h.lines[h.index] = h.line
	}
	h.lineStart = u == '\n'
	h.roll(u)
}

// flush emits the hash of the line whose first unit is about to leave the
// window.
func (h *lineHasher) flush() {
	if h.lines[h.index] == -1 {
		return
	}
	h.counts[h.hash]++
	h.out[h.lines[h.index]] = fmt.Sprintf("%x:%d", h.hash, h.counts[h.hash])
	h.lines[h.index] = -1
}

func (h *lineHasher) roll(u uint64) {
	begin := h.window[h.index]
	h.window[h.index] = u
	h.hash = hashBase*h.hash + u - h.firstMod*begin
	h.index = (h.index + 1) % hashBlock
}

// decodeRune decodes as JavaScript does: an ill-formed sequence becomes one
// U+FFFD for its longest well-formed beginning, where Go takes single bytes.
func decodeRune(b []byte) (rune, int) {
	r, size := utf8.DecodeRune(b)
	if r != utf8.RuneError || size != 1 {
		return r, size
	}
	need, low, high := 0, byte(0x80), byte(0xBF)
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	size = 1
	for size <= need && size < len(b) && b[size] >= low && b[size] <= high {
		size++
		low, high = 0x80, 0xBF
	}
	return utf8.RuneError, size
}
