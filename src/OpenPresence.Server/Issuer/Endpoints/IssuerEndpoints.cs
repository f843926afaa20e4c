using System.Diagnostics.CodeAnalysis;
using OpenPresence.Server.Issuer.Metadata;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.SignIn;
using OpenPresence.Server.Issuer.TokenEndpoint;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Issuer.Endpoints;

/// <summary>
/// The endpoints of the built-in issuer: the table to read first.
/// </summary>
/// <remarks>
/// A tenant is an id, a domain name, <c>common</c> or <c>organizations</c>. The paths are Entra
/// ID's, because clients build most of them from the authority and never look into discovery;
/// <c>login</c>, <c>devicelogin</c> and <c>error</c> are our own pages.
/// </remarks>
public sealed class IssuerEndpoints(BuiltInIssuer issuer)
{
    /// <summary>Longer paths lead nowhere here.</summary>
    public const int PathCharsMax = 1024;

    private const string Get = "GET";
    private const string Post = "POST";
    private const string GetAndPost = "GET, POST";

    private static readonly IssuerRoute[] Routes =
    [
        Json("{tenant}/oauth2/v2.0/token", Post, Token.AnswerAsync, Origins.OfApplication),
        Json("{tenant}/oauth2/v2.0/devicecode", Post, DeviceCodes.IssueAsync, Origins.OfApplication),
        Page("{tenant}/oauth2/v2.0/authorize", GetAndPost, Authorize.AnswerAsync),
        Page("{tenant}/oauth2/v2.0/logout", GetAndPost, Logout.AnswerAsync),
        Json("{tenant}/oauth2/token", Post, Token.AnswerAsync, Origins.OfApplication) with
        {
            IsVersionOne = true,
        },
        Json("{tenant}/oauth2/devicecode", Post, DeviceCodes.IssueAsync, Origins.OfApplication) with
        {
            IsVersionOne = true,
        },
        Page("{tenant}/oauth2/authorize", GetAndPost, Authorize.AnswerAsync) with
        {
            IsVersionOne = true,
        },
        Page("{tenant}/oauth2/login", Post, Login.AnswerAsync) with
        {
            IsVersionOne = true,
        },
        Page("{tenant}/oauth2/logout", GetAndPost, Logout.AnswerAsync),
        Page("{tenant}/login", Post, Login.AnswerAsync),
        Page("devicelogin", GetAndPost, DeviceLogin.AnswerAsync),
        Json("{tenant}/v2.0/.well-known/openid-configuration", Get, Discovery.AnswerAsync, Origins.Any),
        Json("{tenant}/.well-known/openid-configuration", Get, Discovery.AnswerAsync, Origins.Any) with
        {
            IsVersionOne = true,
        },
        Json("{tenant}/discovery/v2.0/keys", Get, KeySet.AnswerAsync, Origins.Any),
        Json("{tenant}/discovery/keys", Get, KeySet.AnswerAsync, Origins.Any),
        Json("common/discovery/instance", Get, InstanceDiscovery.AnswerAsync, Origins.Any),
        Json("common/userrealm/{user}", Get, UserRealm.AnswerAsync, Origins.Any),
        Json("oidc/userinfo", GetAndPost, UserInfo.AnswerAsync, Origins.Any),
        Page("error", Get, ErrorLookup.AnswerAsync),
    ];

    /// <summary>Answers a request, if it is for the issuer.</summary>
    public bool TryAnswer(HttpContext http, [NotNullWhen(true)] out Task? answer)
    {
        answer = null;
        var path = http.Request.Path.Value;
        if (path is null or { Length: > PathCharsMax })
        {
            return false;
        }

        foreach (var route in Routes)
        {
            if (route.Matches(path, out var argument))
            {
                answer = AnswerAsync(new IssuerCall(http, issuer, route, argument));
                return true;
            }
        }

        return false;
    }

    private static async Task AnswerAsync(IssuerCall call)
    {
        call.Begin();
        CrossOrigin.Begin(call);
        try
        {
            if (CrossOrigin.TryAnswerPreflight(call))
            {
                return;
            }

            if ((await ReadAsync(call) ?? VersionOne.Read(call)) is { } unread)
            {
                await Refusals.WriteAsync(call, unread);
            }
            else if (await call.Route.Handle(call) is { } refusal)
            {
                await Refusals.WriteAsync(call, refusal);
            }
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // The client left.
        }
        catch (Exception e) when (!call.Http.Response.HasStarted)
        {
            await FailAsync(call, e);
        }
    }

    private static async ValueTask<IssuerRefusal?> ReadAsync(IssuerCall call)
    {
        var request = call.Http.Request;
        if (!call.Route.Takes(request.Method))
        {
            call.Http.Response.Headers.Allow = call.Route.Methods;
            return new(IssuerError.WrongMethod, call.Route.Methods, Quoted.Of(request.Method));
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            var refusal = RequestParameters.Parse(request.QueryString.Value, out var parameters);
            call.Parameters = parameters;
            return refusal;
        }

        // What stands in the query of a POST is not for us: MSAL adds ?haschrome=1 and ?client-
        // request-id= there.
        (call.Parameters, var unread) = await RequestParameters.ReadFormAsync(
            request,
            mayBeUnnamed: call.Route.Answers is AnswerKind.Json,
            call.Cancel
        );
        return unread;
    }

    private static async Task FailAsync(IssuerCall call, Exception exception)
    {
        if (exception is BadHttpRequestException)
        {
            await Refusals.WriteAsync(call, new(IssuerError.RequestMalformed, "its body could not be read."));
        }
        else if (exception is JournalUnavailableException or IOException)
        {
            call.Issuer.Log.LogWarning(exception, "Issuer request {TraceId} failed.", call.TraceId);
            call.Http.Response.Headers.RetryAfter = "5";
            await Refusals.WriteAsync(call, new(IssuerError.Unavailable));
        }
        else
        {
            call.Issuer.Log.LogError(exception, "Issuer request {TraceId} met a bug.", call.TraceId);
            await Refusals.WriteAsync(call, new(IssuerError.Bug));
        }
    }

    private static IssuerRoute Json(
        string pattern,
        string methods,
        Func<IssuerCall, ValueTask<IssuerRefusal?>> handle,
        Origins origins
    ) => new(pattern, methods, handle, AnswerKind.Json, origins);

    private static IssuerRoute Page(
        string pattern,
        string methods,
        Func<IssuerCall, ValueTask<IssuerRefusal?>> handle
    ) => new(pattern, methods, handle, AnswerKind.Page, Origins.Own);
}
