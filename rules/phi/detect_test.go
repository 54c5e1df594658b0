package phi_test

import (
	"testing"

	"github.com/phivet/phivet/rules/phi"
)

func TestDetect(t *testing.T) {
	for _, test := range []struct {
		text        string
		near        phi.Category
		kind        string // "" none
		placeholder bool
	}{
		{"call about 536-22-8741 today", "", "SSN", false},
		{"078-05-1120", "", "SSN", true},
		{"987-65-4321", "", "SSN", true},
		{"000-12-3456", "", "", false},
		{"901-70-1234", "", "ITIN", false},
		{"901-10-1234", "", "", false},
		{"536228741", "", "", false},
		{"536228741", phi.SSN, "SSN", false},
		{"SSN: 536228741", "", "SSN", false},
		{"2AC3-CD4-EF56", "", "MBI", false},
		{"1EG4-TE5-MK73", "", "MBI", true},
		{"2AC3CD4EF56", "", "", false},
		{"2AC3CD4EF56", phi.Plan, "MBI", false},
		{"ann.b@clinic-mail.org", "", "e-mail", false},
		{"ann@example.com", "", "e-mail", true},
		{"(212) 634-5789", "", "phone", false},
		{"212-555-0142", "", "phone", true},
		{"2126345789", "", "", false},
		{"2126345789", phi.Phone, "phone", false},
		{"MRN-00482913", "", "MRN", false},
		{"00482913", phi.MRN, "MRN", false},
		{"1984-03-12", "", "", false},
		{"1984-03-12", phi.Date, "date of birth", false},
		{"born 1984-03-12", "", "date of birth", false},
		{"E11.9", phi.DX, "ICD-10-CM code", false},
		{"E11.9", "", "", false},
		{"4556 7375 8689 9855", "", "card", false},
		{"4111111111111111", "", "card", true},
		{"NPI 1234567893", "", "NPI", true},
		{"client ip 8.8.4.4", "", "IP address", false},
		{"client ip 192.168.0.4", "", "", false},
		{"b3536-22-8741-4f2e", "", "", false},
		{"patient John Smithson was here", "", "person name", false},
		{"Maria Gonzalez", phi.Name, "person name", false},
		{"John Doe", phi.Name, "person name", true},
		{"Create Table", phi.Name, "", false},
		{"released 2024-01-02 as v1.2.3", "", "", false},
		{"%s-%s", phi.SSN, "", false},
	} {
		t.Run(test.text, func(t *testing.T) {
			got := phi.Default().Detect(test.text, test.near)
			switch {
			case test.kind == "" && len(got) > 0:
				t.Errorf("Detect(%q, %q) = %+v, want nothing", test.text, test.near, got)
			case test.kind != "" && (len(got) != 1 || got[0].Kind != test.kind || got[0].Placeholder != test.placeholder):
				t.Errorf("Detect(%q, %q) = %+v, want %s, placeholder %v", test.text, test.near, got, test.kind, test.placeholder)
			}
		})
	}
}

func TestDetectName(t *testing.T) {
	for _, test := range []struct {
		identifier, kind string
	}{
		{"patient_john_smith", "person name"},
		{"SmithJohn_chart", "person name"},
		{"maria_gonzalez", "person name"},
		{"backup_of_robert_johnson_2024", "person name"},
		{"john_doe", "person name"},
		{"mrn_00482913", "MRN"},
		{"patient_536_22_8741", "SSN"},
		{"patient_2024_01_0001", ""},
		{"t 536-22-8741", "SSN"},
		{"chart of MRN 00482913", "MRN"},
		{"anna.keller@clinic-seven.org", "e-mail"},
		{"backup_20240131_115959", ""},
		{"order_items_2024-01-31", ""},
		{"patient_smith", ""},
		{"grant_select", ""},
		{"visit_notes", ""},
		{"drug_page", ""},
		{"may_price", ""},
		{"idx_patients_last_name", ""},
		{"created_at", ""},
		{"", ""},
	} {
		t.Run(test.identifier, func(t *testing.T) {
			got, ok := phi.Default().DetectName(test.identifier)
			if ok != (test.kind != "") || got.Kind != test.kind {
				t.Errorf("got %+v, %v, want %q", got, ok, test.kind)
			}
		})
	}
}

func TestPlaceholder(t *testing.T) {
	for text, want := range map[string]bool{
		"REPLACE_WITH_SSN": true, "${SSN}": true, "<ssn>": true, ":'ssn'": true, "xxx-xx-xxxx": true, "a@example.com": true,
		"123-45-6789": true, "John Doe": true, "111-11-1111": true, "%s": true, "1EG4-TE5-MK73": true,
		"536-22-8741": false, "Maria Gonzalez": false, "": false, "x": false, "ann@clinic.org": false,
	} {
		if got := phi.Placeholder(text); got != want {
			t.Errorf("Placeholder(%q) = %v, want %v", text, got, want)
		}
	}
}
