package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/phivet/phivet/rules/dsn"
)

// parseHCL reads Terraform's language into a tree: a block is a mapping, its
// key the type and the labels, such as "resource aws_db_instance main".
func parseHCL(name string, content []byte) (*node, error) {
	file, diags := hclsyntax.ParseConfig(content, name, hcl.InitialPos)
	if diags.HasErrors() {
		for _, d := range diags {
			if d.Severity == hcl.DiagError && d.Subject != nil { // the words of an error may repeat the file's text
				return nil, fmt.Errorf("not understood as Terraform at line %d", d.Subject.Start.Line)
			}
		}
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return &node{kind: mapping}, nil
	}
	h := &hclReader{content: content}
	return h.body(body, 0), nil
}

type hclReader struct {
	content []byte
}

func (h *hclReader) body(b *hclsyntax.Body, depth int) *node {
	out := &node{kind: mapping}
	if depth > maxDepth {
		return out
	}
	for _, a := range b.Attributes {
		item := h.expression(a.Expr, depth+1)
		item.key, item.keyStart, item.keyEnd = a.Name, a.NameRange.Start.Byte, a.NameRange.End.Byte
		out.items = append(out.items, item)
	}
	for _, block := range b.Blocks {
		item := h.body(block.Body, depth+1)
		item.key = strings.Join(append([]string{block.Type}, block.Labels...), " ")
		item.keyStart, item.keyEnd = block.TypeRange.Start.Byte, block.TypeRange.End.Byte
		item.start, item.end = item.keyStart, item.keyEnd
		out.items = append(out.items, item)
	}
	slices.SortFunc(out.items, func(a, b *node) int { return cmp.Compare(a.keyStart, b.keyStart) }) // attributes come in a map
	return out
}

func (h *hclReader) expression(e hclsyntax.Expression, depth int) *node {
	r := e.Range()
	n := &node{start: r.Start.Byte, end: r.End.Byte}
	if depth > maxDepth {
		n.text = string(dsn.Hole)
		return n
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return h.expression(e.Expression, depth+1)
	case *hclsyntax.LiteralValueExpr:
		n.text = literalText(e.Val)
		n.exact = n.text == string(h.content[n.start:n.end])
	case *hclsyntax.TemplateExpr:
		h.template(n, e)
	case *hclsyntax.TupleConsExpr:
		n.kind = sequence
		for _, x := range e.Exprs {
			n.items = append(n.items, h.expression(x, depth+1))
		}
	case *hclsyntax.ObjectConsExpr:
		n.kind = mapping
		for _, x := range e.Items {
			item := h.expression(x.ValueExpr, depth+1)
			item.key = h.key(x.KeyExpr)
			kr := x.KeyExpr.Range()
			item.keyStart, item.keyEnd = kr.Start.Byte, kr.End.Byte
			n.items = append(n.items, item)
		}
	case *hclsyntax.FunctionCallExpr:
		// jsonencode, merge, concat, join and the like pass on what they get.
		n.kind = sequence
		for _, x := range e.Args {
			n.items = append(n.items, h.expression(x, depth+1))
		}
	case *hclsyntax.ConditionalExpr:
		n.kind = sequence
		n.items = append(n.items, h.expression(e.TrueResult, depth+1), h.expression(e.FalseResult, depth+1))
	default:
		n.text = string(dsn.Hole)
	}
	return n
}

// key returns the text of an object's key; "" if it is computed.
func (h *hclReader) key(e hclsyntax.Expression) string {
	if k := hcl.ExprAsKeyword(e); k != "" {
		return k
	}
	if v, diags := e.Value(nil); !diags.HasErrors() {
		return literalText(v)
	}
	return ""
}

// template joins the parts of a quoted text or a heredoc; what is
// interpolated is a hole.
func (h *hclReader) template(n *node, e *hclsyntax.TemplateExpr) {
	var b strings.Builder
	for i, part := range e.Parts {
		r := part.Range()
		if i == 0 {
			n.start = r.Start.Byte
		}
		n.end = r.End.Byte
		if l, ok := part.(*hclsyntax.LiteralValueExpr); ok {
			b.WriteString(literalText(l.Val))
		} else {
			b.WriteByte(dsn.Hole)
		}
	}
	n.text = b.String()
	n.exact = n.end <= len(h.content) && n.start <= n.end && n.text == string(h.content[n.start:n.end])
}

func literalText(v cty.Value) string {
	if v.IsNull() || !v.IsKnown() {
		return ""
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() {
		return ""
	}
	return s.AsString()
}
