"use strict";

// Folds what few people read each time: all but the first part of the introduction, and the errors of an operation.
const FoldingPlugin = ({ React }) => {
  const h = React.createElement;

  // Only the introduction has titles of the first level, each of a part.
  const Markdown = (Markdown) => (props) => {
    const [lead, first, ...parts] = (props.source ?? "").split(/^(?=# )/m);
    if (!parts.length) return h(Markdown, props);
    const folded = parts.map((part) => {
      const [title, ...lines] = part.split("\n");
      const body = h(Markdown, { ...props, source: lines.join("\n") });
      return h("details", { key: title }, h("summary", null, title.slice(2)), body);
    });
    return h(React.Fragment, null, h(Markdown, { ...props, source: lead + first }), folded);
  };

  const response = (Response) =>
    function FoldedResponse(props) {
      const [isOpen, setOpen] = React.useState(false);
      if (props.code < "400") return h(Response, props);
      const Markdown = props.getComponent("Markdown", true);
      const toggle = { type: "button", "aria-expanded": isOpen, onClick: () => setOpen(!isOpen) };
      return h(
        React.Fragment,
        null,
        h(
          "tr",
          { className: "response folded" },
          h("td", { className: "response-col_status" }, h("button", toggle, props.code)),
          h(
            "td",
            { className: "response-col_description" },
            isOpen || h(Markdown, { source: props.response.get("description") }),
          ),
        ),
        isOpen && h(Response, props),
      );
    };

  return { wrapComponents: { Markdown, response } };
};
