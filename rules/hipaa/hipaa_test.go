package hipaa_test

import (
	"testing"

	"github.com/phivet/phivet/rules/hipaa"
)

func TestCitation(t *testing.T) {
	tests := []struct {
		citation         hipaa.Citation
		text, title, url string
	}{
		{hipaa.AuditControls, "45 CFR 164.312(b)", "Audit controls", "https://www.ecfr.gov/current/title-45/section-164.312"},
		{hipaa.Encryption, "45 CFR 164.312(a)(2)(iv)", "Encryption and decryption", "https://www.ecfr.gov/current/title-45/section-164.312"},
		{hipaa.ReidentificationCode, "45 CFR 164.514(c)", "Re-identification codes", "https://www.ecfr.gov/current/title-45/section-164.514"},
	}
	for _, tt := range tests {
		if got := tt.citation.String(); got != tt.text {
			t.Errorf("String() = %q, want %q", got, tt.text)
		}
		if got := tt.citation.Title(); got != tt.title {
			t.Errorf("%s: Title() = %q, want %q", tt.text, got, tt.title)
		}
		if got := tt.citation.URL(); got != tt.url {
			t.Errorf("%s: URL() = %q, want %q", tt.text, got, tt.url)
		}
	}
	if hipaa.Citation("164.1(a)").Known() {
		t.Error("a section that no constant spells is known")
	}
}
