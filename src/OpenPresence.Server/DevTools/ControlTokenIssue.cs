using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Keys;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Hands out an access token without sign-in: of an application, or of a person through one. The page lives on it,
/// and so can any test that does not want to know a secret. Only where this server issues tokens itself, in
/// development; whoever may use the control API can do anything there already.
/// </summary>
public sealed class ControlTokenIssue(GraphServer server, SigningKeys keys)
{
    /// <summary>Applications that are named of a tenant.</summary>
    public const int ApplicationsMax = 200;

    private const string GraphAudience = "https://graph.microsoft.com";

    /// <summary>The routes.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "GET",
                "/control/tenants",
                "The tenants, how many people each has, and its applications.",
                (call, _) => List(call)
            ),
            new(
                "POST",
                "/control/tokens",
                "An access token, of an application or of a person.",
                (call, _) => IssueAsync(call)
            ),
        ];

    private ValueTask<Refusal?> List(GraphCall call)
    {
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var tenant in server.Directory.Tenants.OrderBy(other => other.Id))
                {
                    json.WriteStartObject();
                    json.WriteString("id", tenant.Id);
                    json.WriteString("displayName", tenant.DisplayName);
                    json.WriteNumber("people", server.Directory.CountPeople(tenant.Id));
                    WriteApplications(json, tenant.Id);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private void WriteApplications(Utf8JsonWriter json, Guid tenantId)
    {
        json.WriteStartArray("applications");
        foreach (var application in server.Directory.ApplicationsOf(tenantId).Take(ApplicationsMax))
        {
            json.WriteStartObject();
            json.WriteString("id", application.ClientId);
            json.WriteString("displayName", application.DisplayName);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private async ValueTask<Refusal?> IssueAsync(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call, mayBeEmpty: true);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var values = body.Members("tenantId", "applicationId", "userId");
            var application = ApplicationOf(
                body,
                ControlBody.Id(body, values[1], "applicationId"),
                body.Text(values[0], "tenantId")
            );
            var person = body.Text(values[2], "userId") is { } named ? PersonOf(body, named, application) : null;
            if (body.Refusal is { } wrong)
            {
                return wrong;
            }
            var key = await keys.CurrentAsync(call.Http.RequestAborted);
            Write(call, key, application!, person);
            return null;
        }
    }

    /// <summary>The page's own if none is named, with every permission; in the first tenant if none is named.</summary>
    private Application? ApplicationOf(ActionBody body, Guid? id, string? tenantName)
    {
        if (id is { } known && known != PageApplication.Id)
        {
            if (server.Directory.TryGetApplication(known, out var found))
            {
                return found;
            }
            body.Fault("applicationId", "There is no such application.");
            return null;
        }
        Tenant? tenant;
        if (tenantName is not null)
        {
            server.Directory.TryGetTenant(tenantName, out tenant);
        }
        else
        {
            tenant = server.Directory.Tenants.MinBy(other => other.Id);
        }
        if (tenant is null)
        {
            body.Fault("tenantId", "There is no such tenant; GET /control/tenants lists them.");
            return null;
        }
        var all = PermissionTable.Built.Permissions.Values;
        return new(PageApplication.Id, tenant.Id, PageApplication.DisplayName)
        {
            ServicePrincipalId = PageApplication.Id,
            ApplicationPermissions = [.. all.Where(p => p.ApplicationId is not null).Select(p => p.Name)],
            DelegatedScopes = [.. all.Where(p => p.DelegatedId is not null).Select(p => p.Name)],
        };
    }

    private Person? PersonOf(ActionBody body, string named, Application? application)
    {
        var isThere = Guid.TryParseExact(named, "D", out var id)
            ? server.Directory.TryGetPerson(id, out var person)
            : server.Directory.TryGetPerson(named, out person);
        if (!isThere || (application is not null && person!.TenantId != application.TenantId))
        {
            body.Fault("userId", "There is nobody of that id or user principal name.");
            return null;
        }
        if (!person!.AccountEnabled)
        {
            body.Fault("userId", "The account is disabled.");
        }
        return person;
    }

    private void Write(GraphCall call, SigningKey key, Application application, Person? person)
    {
        var token = Jwt.Sign(key, Jwt.TokenType, json => WriteClaims(json, application, person));
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteString("token_type", "Bearer");
                json.WriteNumber("expires_in", (long)TokenLimits.Lifetime.TotalSeconds);
                json.WriteString("access_token", token);
                json.WriteString("tenantId", application.TenantId);
                json.WriteString("applicationId", application.ClientId);
                ControlBody.Optional(json, "userId", person?.Id.ToString());
            }
        );
    }

    private void WriteClaims(Utf8JsonWriter json, Application application, Person? person)
    {
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        json.WriteString("aud", GraphAudience);
        json.WriteString("iss", $"https://{Clouds.Of(server.Options.Cloud).StsHost}/{application.TenantId}/");
        json.WriteNumber("iat", now);
        json.WriteNumber("nbf", now);
        json.WriteNumber("exp", now + (long)TokenLimits.Lifetime.TotalSeconds);
        json.WriteString("appid", application.ClientId);
        json.WriteString("tid", application.TenantId);
        json.WriteString("ver", "1.0");
        json.WriteString("idtyp", person is null ? "app" : "user");
        json.WriteString("oid", person?.Id ?? application.ServicePrincipalId);
        if (person is not null)
        {
            json.WriteString("name", person.DisplayName);
            json.WriteString("upn", person.UserPrincipalName);
            json.WriteString("scp", string.Join(' ', application.DelegatedScopes));
            return;
        }
        json.WriteStartArray("roles");
        foreach (var role in application.ApplicationPermissions)
        {
            json.WriteStringValue(role);
        }
        json.WriteEndArray();
    }
}
