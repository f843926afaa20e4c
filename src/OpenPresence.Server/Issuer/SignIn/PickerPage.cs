using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>The page on which one chooses who one is.</summary>
internal static class PickerPage
{
    public static Task WriteAsync(IssuerCall call, AuthorizeRequest request, int status, string? fault)
    {
        var client = request.Address.Client;
        var again = call.Parameters.All.Where(f => !f.Key.StartsWith("op_", StringComparison.Ordinal));
        var fields = SignInPage.Hidden(again).ToList();
        var action = $"/{call.Argument}{(call.Route.IsVersionOne ? "/oauth2" : "")}/login";
        Html body = $"""
            <p>Choose who signs in to <strong>{client.Application.DisplayName}</strong>.</p>
            {Fault(fault)}
            {People(call, client.Tenant, action, fields)}
            {NameForm(action, fields, request.LoginHint)}
            <form method="post" action="{action}">
            {fields}
            <button class="plain" name="{Login.CancelField}" value="1">Cancel</button>
            </form>
            <p class="soft">This is the development sign-in of {client.Tenant.DisplayName}:
            nobody proves who they are here.</p>
            """;
        return SignInPage.WriteAsync(call, status, "Sign in", body, request.Address.RedirectUri);
    }

    public static Html Fault(string? fault) =>
        fault is null ? Html.None : $"""<p class="bad" role="alert">{fault}</p>""";

    /// <summary>The people of a tenant as buttons of one form.</summary>
    public static Html People(IssuerCall call, Tenant tenant, string action, IReadOnlyList<Html> fields)
    {
        var people = call
            .Issuer.Directory.PeopleOf(tenant.Id)
            .Where(person => person.AccountEnabled)
            .Take(IssuerLimits.PeopleShownMax)
            .Select(Item);
        return $"""
            <form method="post" action="{action}">
            {fields}
            <ul aria-label="People of {tenant.DisplayName}">
            {people}
            </ul>
            </form>
            """;
    }

    /// <summary>
    /// For whoever is not in the list. A form of its own, so that the return key sends this name.
    /// </summary>
    public static Html NameForm(string action, IReadOnlyList<Html> fields, string? name) =>
        $"""
            <form method="post" action="{action}">
            {fields}
            <label for="name">Somebody else</label>
            <div class="row">
            <input type="text" id="name" name="{Login.NameField}" value="{name}" required
            autocomplete="username" autocapitalize="none" spellcheck="false"
            placeholder="name@domain">
            <button class="main">Next</button>
            </div>
            </form>
            """;

    private static Html Item(Person person) =>
        $"""
            <li><button class="person" name="{Login.PersonField}" value="{person.Id.ToString()}">
            <span class="face c{ColourOf(person)}" aria-hidden="true">{InitialsOf(person)}</span>
            <span><span>{person.DisplayName}</span>
            <span class="soft">{person.UserPrincipalName}</span></span>
            </button></li>
            """;

    private static int ColourOf(Person person) => person.Id.ToByteArray()[15] % PageStyle.Colours;

    private static string InitialsOf(Person person)
    {
        var words = person.DisplayName.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length switch
        {
            0 => "?",
            1 => First(words[0]),
            _ => First(words[0]) + First(words[^1]),
        };
    }

    /// <summary>A whole character, also where it takes two of .NET's.</summary>
    private static string First(string word) => word.EnumerateRunes().First().ToString().ToUpperInvariant();
}
