namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// How the pages look. Every pair of text and background has a contrast of at least 4.5 : 1 in both
/// schemes.
/// </summary>
internal static class PageStyle
{
    /// <summary>How many colours people have.</summary>
    public const int Colours = 6;

    public const string Css = """

        :root { color-scheme: light dark;
          --page: light-dark(#eef1f6, #14171c); --card: light-dark(#fff, #1f242c);
          --text: light-dark(#1a1f27, #eceff4); --soft: light-dark(#566071, #a7b0bf);
          --line: light-dark(#d5dbe5, #39414d); --hover: light-dark(#f2f5fb, #2a313b);
          --accent: light-dark(#3b4cca, #9aa8ff); --on-accent: light-dark(#fff, #14171c);
          --bad: light-dark(#a8201a, #ff9d97); }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center;
          padding: 1.5rem 1rem;
          background: var(--page); color: var(--text);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { width: 100%; max-width: 28rem; padding: 2rem; background: var(--card);
          border: 1px solid var(--line); border-radius: 1rem;
          box-shadow: 0 1rem 3rem rgb(0 0 0 / .08); }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
        p { margin: 0 0 1rem; }
        .product { color: var(--accent); font-weight: 600; letter-spacing: .02em;
          margin: 0 0 .5rem; }
        .soft { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
        .bad { color: var(--bad); font-weight: 600; }
        ul { list-style: none; margin: 0 0 1.25rem; padding: 0; max-height: 24rem;
          overflow-y: auto; }
        form { margin: 0 0 1rem; }
        button { font: inherit; color: inherit; cursor: pointer; border-radius: .6rem; }
        .person { display: flex; gap: .85rem; align-items: center; width: 100%;
          padding: .55rem .6rem;
          text-align: left; background: none; border: 1px solid transparent; }
        .person:hover { background: var(--hover); border-color: var(--line); }
        .person span { display: block; min-width: 0; overflow-wrap: anywhere; }
        .face { flex: none; display: grid !important; place-items: center; width: 2.5rem;
          height: 2.5rem;
          border-radius: 50%; color: #fff; font-weight: 600; font-size: .9rem; }
        .c0 { background: #3b4cca; } .c1 { background: #7a3e9d; } .c2 { background: #a1356b; }
        .c3 { background: #9a4a12; } .c4 { background: #2f6f3e; } .c5 { background: #1c6a78; }
        label { display: block; font-weight: 600; margin: 0 0 .3rem; }
        .row { display: flex; gap: .5rem; }
        input[type=text] { font: inherit; color: inherit; background: var(--page); flex: 1;
          min-width: 0;
          width: 100%; padding: .55rem .7rem; border: 1px solid var(--soft); border-radius: .6rem; }
        .code { letter-spacing: .25em; text-transform: uppercase;
          font-family: ui-monospace, monospace; }
        .main { background: var(--accent); color: var(--on-accent); border: 0;
          padding: .55rem 1.1rem; }
        .plain { background: none; border: 1px solid var(--soft); padding: .55rem 1.1rem; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem;
          font-size: .875rem; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }

        """;
}
