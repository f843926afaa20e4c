using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>The three pages of <see cref="DeviceLogin"/>: the code, the person, the end.</summary>
internal static class DevicePages
{
    private const string Action = "/devicelogin";

    public static Task AskAsync(IssuerCall call, int status, string? fault)
    {
        Html body = $"""
            <p>Type the code that your device shows.</p>
            {PickerPage.Fault(fault)}
            <form method="post" action="{Action}">
            <label for="code">Code</label>
            <div class="row">
            <input type="text" id="code" class="code" name="{DeviceLogin.CodeField}"
            required autofocus value="{call.Parameters[DeviceLogin.CodeField]}" autocomplete="off"
            autocapitalize="characters" spellcheck="false">
            <button class="main">Next</button>
            </div>
            </form>
            """;
        return SignInPage.WriteAsync(call, status, "Sign in on another device", body);
    }

    public static Task ChooseAsync(IssuerCall call, Application application, Tenant tenant, string? fault)
    {
        List<Html> fields =
        [
            .. SignInPage.Hidden([
                KeyValuePair.Create(DeviceLogin.CodeField, call.Parameters[DeviceLogin.CodeField] ?? ""),
            ]),
        ];
        Html body = $"""
            <p>A device wants to be signed in to <strong>{application.DisplayName}</strong>.
            Go on only if it is yours.</p>
            {PickerPage.Fault(fault)}
            {PickerPage.People(call, tenant, Action, fields)}
            {PickerPage.NameForm(Action, fields, null)}
            <form method="post" action="{Action}">
            {fields}
            <button class="plain" name="{Login.CancelField}" value="1">Do not sign in</button>
            </form>
            """;
        var status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return SignInPage.WriteAsync(call, status, "Who are you?", body);
    }

    public static Task DoneAsync(IssuerCall call, Application application, bool isDone, bool isSignedIn)
    {
        var (title, text) = (isDone, isSignedIn) switch
        {
            (false, _) => ("Too late", "The code has been used or has expired."),
            (_, true) => ("You are signed in", $"{application.DisplayName} goes on by itself."),
            _ => ("Not signed in", $"{application.DisplayName} was not signed in."),
        };
        Html body = $"""<p role="status">{text}</p><p>You can close this page.</p>""";
        return SignInPage.WriteAsync(
            call,
            isDone ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            title,
            body
        );
    }
}
