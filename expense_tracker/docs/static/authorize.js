"use strict";

// The dialog behind Authorize. Swagger UI's own asks for a client id and a client secret, which there are not, and would
// keep the password in the browser with the log-in. This one keeps the access token.
const AuthorizePlugin = ({ React }) => {
  const h = React.createElement;
  const SCHEME = "bearer";
  const page = document.getElementById("swagger-ui");

  const field = (label, name, attributes) =>
    h("label", null, label, h("input", { name, type: "text", required: true, ...attributes }));
  const submit = (label) => h("button", { className: "btn" }, label);

  // Answers the access token; throws an Error with what to tell people.
  async function logIn(username, password) {
    const response = await fetch(page.dataset.login, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    }).catch(() => {
      throw new Error("The server does not answer. Try again.");
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail);
    return body.access_token;
  }

  function Dialog({ authActions, authSelectors, specSelectors }) {
    const dialog = React.useRef(null);
    const [problem, setProblem] = React.useState("");
    React.useEffect(() => dialog.current.showModal(), []);

    const known = authSelectors.authorized().get(SCHEME);
    const close = () => dialog.current.close();
    const keep = (value, username) => {
      const schema = specSelectors.securityDefinitions().get(SCHEME);
      authActions.authorizeWithPersistOption({ [SCHEME]: { name: SCHEME, schema, value, username } });
      close();
    };
    const onLogIn = async (event) => {
      event.preventDefault();
      const { username, password } = Object.fromEntries(new FormData(event.target));
      setProblem("");
      await logIn(username, password).then(
        (token) => keep(token, username),
        (error) => setProblem(error.message),
      );
    };
    const onToken = (event) => {
      event.preventDefault();
      keep(new FormData(event.target).get("token").trim().replace(/^bearer /i, ""));
    };
    // A log-in ends, a token that was pasted is somebody's who goes on using it.
    const onLogOut = async () => {
      const headers = { Authorization: `Bearer ${known.get("value")}` };
      if (known.get("username")) await fetch(page.dataset.logout, { method: "POST", headers }).catch(() => {});
      authActions.logoutWithPersistOption([SCHEME]);
      close();
    };

    const forms = [
      h(
        "form",
        { key: "login", onSubmit: onLogIn },
        field("User name", "username", { autoComplete: "username" }),
        field("Password", "password", { type: "password", autoComplete: "current-password" }),
        h("p", { role: "alert" }, problem),
        submit("Log in"),
      ),
      h(
        "form",
        { key: "token", onSubmit: onToken },
        field("Or a token that you have", "token", { autoComplete: "off", spellCheck: false }),
        submit("Use token"),
      ),
    ];
    const user = known && known.get("username");
    return h(
      "dialog",
      {
        ref: dialog,
        className: "authorize-dialog",
        "aria-labelledby": "authorize-title",
        onClose: () => authActions.showDefinitions(false),
      },
      h("h2", { id: "authorize-title" }, "Authorize"),
      known ? h("p", null, user ? `You are logged in as ${user}.` : "A token is in use.") : forms,
      known && h("button", { type: "button", className: "btn", onClick: onLogOut }, user ? "Log out" : "Forget token"),
      h("button", { type: "button", className: "btn close", onClick: close }, "Close"),
    );
  }

  return { components: { authorizationPopup: Dialog } };
};
