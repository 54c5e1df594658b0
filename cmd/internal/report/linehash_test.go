package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/internal/report"
)

// The vectors with blanks, ends of lines and repetitions are those of the upload
// action's own tests; the others come from a run of its algorithm in Node.
func TestLineHashes(t *testing.T) {
	long := strings.Repeat("x", 250)
	ends := []string{"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"}
	tests := []struct {
		name, src string
		want      []string
	}{
		{"empty", "", []string{"c129715d7a2bc9a3:1"}},
		{"blanks", " a\nb\n  \t\tc\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
		{"blank lines", " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End", []string{
			"8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1", "c6805c5e1288b612:1", "b86d3392aea1be30:1", "e6ceba753e1a442:1"}},
		{"CR", " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", ends},
		{"CRLF", " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", ends},
		{"all ends", " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", ends},
		{"repeated", strings.Repeat("Lorem ipsum dolor sit amet.\n", 10), []string{
			"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
			"a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}},
		{"CR and CRLF", "a\r\nb\rc\n\r\nd", []string{"da815e20fd1432a5:1", "7637b694ce51cabe:1", "f8ac93a55d88711a:1", "6bf49ae9d59c5bc1:1", "a23a3dc5e078b07b:1"}},
		{"BOM", "\uFEFFpackage a\n", []string{"a75a631ddf023cad:1", "c129715d7a2bc9a3:1"}},
		{"surrogates", "x := \"😀é\"\ny\n", []string{"9e2dd56dc63dc1d1:1", "c33be7e0cf7c3ca:1", "c129715d7a2bc9a3:1"}},
		{"bad UTF-8", "a\xff\xe2\x82\n\xf0\x9f\x98b\xed\xa0\x80\n\xc0\xaf", []string{"6eae3622906d982a:1", "653f4cbf8248c68d:1", "c64e34c2498b54b9:1"}},
		{"long and repeated", long + "\ny\n" + long + "\ny", []string{"52b56201ffb58620:1", "8f34f7e3b5eca53f:1", "52b56201ffb58620:2", "ed3261245082261c:1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hashes := report.LineHashes([]byte(tt.src))
			var got []string
			for line := 1; line <= len(hashes); line++ {
				got = append(got, hashes[line])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("hashes of %q differ (-want +got):\n%s", tt.src, diff)
			}
		})
	}
}
