package ruletest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/ruletest"
)

func TestExamples(t *testing.T) {
	page := "# PHI999 x\n\n## Bad\n\n```sql\n-- file: 001.sql\na\n-- file: 002.sql\nb\n```\n\n## Good\n\n```sql\nc\n```\n"
	bad, good, err := ruletest.Examples(&rules.Rule{ID: "PHI999", Help: page}, "x.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ruletest.Files{"001.sql": "a\n", "002.sql": "b\n"}, bad); diff != "" {
		t.Errorf("bad (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(ruletest.Files{"x.sql": "c\n"}, good); diff != "" {
		t.Errorf("good (-want +got):\n%s", diff)
	}
}

func TestExamplesErrors(t *testing.T) {
	for name, page := range map[string]string{
		"none": "# PHI999 x\n\n## Bad\n\ntext\n\n## Good\n\n```sql\nc\n```\n",
		"two":  "# PHI999 x\n\n## Bad\n\n```sql\na\n```\n\n```sql\nb\n```\n\n## Good\n\n```sql\nc\n```\n",
	} {
		if _, _, err := ruletest.Examples(&rules.Rule{ID: "PHI999", Help: page}, "x.sql"); err == nil {
			t.Errorf("%s: no error for a page without exactly one block below Bad", name)
		}
	}
}
