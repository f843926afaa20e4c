using System.Buffers.Text;
using System.Security.Cryptography;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// <c>POST /{tenant}/oauth2/v2.0/devicecode</c>: a device without a browser wants to be signed in.
/// </summary>
internal static class DeviceCodes
{
    /// <summary>
    /// Without what looks alike. 32 of them, so that a code of nine has 45 random bits.
    /// </summary>
    private const string UserCodeAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int UserCodeChars = 9;
    private const int DeviceCodeBytes = 32;

    public static async ValueTask<IssuerRefusal?> IssueAsync(IssuerCall call)
    {
        if (!call.Issuer.Settings.SignsPeopleIn)
        {
            return new(IssuerError.SignInOff);
        }

        if (Check(call, out var client) is { } refusal)
        {
            return refusal;
        }

        var endsAt = call.Now + IssuerLimits.DeviceCodeLifetime;
        var deviceCode = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(DeviceCodeBytes));
        var userCode = RandomNumberGenerator.GetString(UserCodeAlphabet, UserCodeChars);
        var (clientId, tenantId) = (client!.Application.ClientId, client.Tenant.Id);
        call.Issuer.Devices.Add(
            new(deviceCode, userCode, clientId, tenantId, call.Parameters["scope"]!, endsAt),
            call.Now
        );
        var address = $"{call.BaseUrl}/devicelogin";
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteString("user_code", userCode);
                json.WriteString("device_code", deviceCode);
                var seconds = (int)IssuerLimits.DeviceCodeLifetime.TotalSeconds;
                var interval = (int)call.Issuer.Settings.DeviceCodePollInterval.TotalSeconds;
                if (call.Route.IsVersionOne)
                {
                    json.WriteString("verification_url", address);
                    json.WriteString("expires_in", $"{seconds}");
                    json.WriteString("interval", $"{interval}");
                }
                else
                {
                    json.WriteString("verification_uri", address);
                    json.WriteNumber("expires_in", seconds);
                    json.WriteNumber("interval", interval);
                }

                json.WriteString(
                    "message",
                    // Programs find address and code in it by these very words of Entra ID.
                    $"To sign in, use a web browser to open the page {address} and enter the code {userCode} to authenticate."
                );
            }
        );
        return null;
    }

    /// <summary>As people type it: any case, with spaces or hyphens.</summary>
    public static string Normalize(string typed) =>
        new([.. typed.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);

    private static IssuerRefusal? Check(IssuerCall call, out ClientIdentity? client)
    {
        client = null;
        if (
            (
                call.Parameters.Require("client_id", out var clientId)
                ?? call.Parameters.Require("scope", out _)
                ?? ClientIdentity.Find(call, clientId, out client)
            ) is
            { } refusal
        )
        {
            return refusal;
        }

        var scope = call.Parameters["scope"]!;
        return CallerOrigin.Check(call, client!)
            ?? ScopeRequest.Parse(call, client!.Tenant, scope, out var parsed)
            ?? GrantedScopes.Ask(parsed!, client.Application, out _);
    }
}
