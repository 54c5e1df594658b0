-- Drives phivet lsp as neovim does, on the project in $ROOT. Each step that came
-- true is printed; the first that does not ends the editor with an error.
local root, phivet = vim.env.ROOT, vim.env.PHIVET

local function say(text) io.stdout:write(text .. "\n") end

local function fail(text)
  say("FAIL " .. text)
  vim.cmd("cquit 1")
end

local function codes(buf)
  local out = {}
  for _, d in ipairs(vim.diagnostic.get(buf)) do
    local lsp = d.user_data and d.user_data.lsp or {}
    out[lsp.code or d.code or "?"] = d
  end
  return out
end

local function await(text, ok)
  if not vim.wait(180000, ok, 20) then
    for _, b in ipairs(vim.api.nvim_list_bufs()) do
      say(vim.api.nvim_buf_get_name(b) .. ": " .. table.concat(vim.tbl_keys(codes(b)), " "))
    end
    fail(text)
  end
  say("ok " .. text)
end

local function edit(name)
  vim.cmd("edit " .. root .. "/" .. name)
  return vim.api.nvim_get_current_buf()
end

local left
local client = vim.lsp.start_client({
  name = "phivet", cmd = { phivet, "lsp" }, root_dir = root,
  on_exit = function(code) left = code end,
})

local function attach(buf) vim.lsp.buf_attach_client(buf, client) end

local function request(buf, method, params)
  local answers, err = vim.lsp.buf_request_sync(buf, method, params, 180000)
  if err or not answers or not answers[client] or answers[client].err then fail(method .. " was not answered") end
  return answers[client].result
end

local function position(buf, line, character)
  return { textDocument = vim.lsp.util.make_text_document_params(buf), position = { line = line, character = character } }
end

local function apply(buf, line, character, title)
  local p = position(buf, line, character)
  p.range = { start = p.position, ["end"] = p.position }
  p.position, p.context = nil, { diagnostics = {} }
  for _, action in ipairs(request(buf, "textDocument/codeAction", p)) do
    if action.title:find(title, 1, true) then
      vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
      return
    end
  end
  fail("no action " .. title)
end

local guard = edit("migrations/002_guard.up.sql")
attach(guard)
local patients = edit("migrations/001_patients.up.sql")
attach(patients)
await("diagnostics appear", function() return codes(patients).PHI501 ~= nil end)
if codes(patients).PHI501.severity ~= vim.diagnostic.severity.ERROR then fail("PHI501 is an error") end

vim.api.nvim_buf_set_lines(guard, 0, -1, false, {
  "ALTER TABLE patients ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;",
  "CREATE POLICY own ON patients USING (id = current_setting('app.patient', true)::bigint);",
})
await("an unsaved change of another file clears them", function() return codes(patients).PHI501 == nil end)
vim.api.nvim_buf_set_lines(guard, 0, -1, false, { "SELECT 1;" })
await("they come back", function() return codes(patients).PHI501 ~= nil end)

local help = request(patients, "textDocument/hover", position(patients, 0, 15))
if not help.contents.value:find("### How to fix", 1, true) then fail("hover shows the help") end
say("ok hover shows the help")

apply(patients, 2, 6, "Mark patients.ssn as no PHI")
if not vim.api.nvim_buf_get_lines(patients, -2, -1, false)[1]:find("COMMENT ON COLUMN patients.ssn IS '@phi:none';", 1, true) then
  fail("the mark is the last line")
end
await("a mark takes the column out", function() return codes(patients).PHI405 == nil or codes(patients).PHI405.lnum ~= 2 end)
apply(patients, 0, 15, "Silence PHI501 here: accepted risk")
await("a directive silences", function() return codes(patients).PHI501 == nil end)

local store = edit("store/store.go")
attach(store)
await("Go is judged when it is opened", function() return codes(store).PHI101 ~= nil end)
apply(store, 6, 20, "PHI101: ")
vim.cmd("write")
await("the fix of Go code clears its finding", function() return codes(store).PHI101 == nil end)

vim.lsp.stop_client(client)
await("the server leaves with 0", function() return left == 0 end)
vim.cmd("qall!")
