# Two projects: one for reports, set up in a hurry, and one for the clinic.
resource "neon_project" "reports" {
  name       = "reports"
  pg_version = 17
  hipaa      = "no"
}

resource "neon_project" "clinic" {
  name       = "clinic"
  pg_version = 17
  hipaa      = "yes"
}
