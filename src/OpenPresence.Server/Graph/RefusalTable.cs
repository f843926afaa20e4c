using OpenPresence.Server.Contracts;
using static OpenPresence.Server.Contracts.RefusalKind;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The one place where a refusal becomes HTTP: status, Graph's code, Graph's message (or ours where no
/// capture of Graph's exists). Grades as in docs/parity.md. The refusal's arguments fill {0}, {1}.
/// </summary>
public static class RefusalTable
{
    /// <summary>What a writer is told to wait while the journal cannot write.</summary>
    public const int OutageRetryAfterSeconds = 5;

    /// <summary>One row.</summary>
    /// <param name="Kind">The refusal.</param>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Code"><c>error.code</c>.</param>
    /// <param name="Message"><c>error.message</c>, a composite format.</param>
    public sealed record Row(RefusalKind Kind, int Status, string Code, string Message);

    /// <summary>Every refusal there is.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new(TokenMissing, 401, "InvalidAuthenticationToken", "Access token is empty. {0}"),
        new(TokenMalformed, 401, "InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217"),
        new(TokenExpired, 401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
        new(
            TokenNotYetValid,
            401,
            "InvalidAuthenticationToken",
            "Lifetime validation failed, the token is not yet valid."
        ),
        new(TokenRejected, 401, "InvalidAuthenticationToken", "Access token validation failure. {0}"),
        new(
            PermissionMissing,
            403,
            "Forbidden",
            "The token's permissions do not allow this operation; error.details names those that would."
        ),
        // The directory's own way to say the same (R)
        new(
            DirectoryPermissionMissing,
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation."
        ),
        // The mailbox's way to say the same (R)
        new(MailboxPermissionMissing, 403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
        new(PersonalAccount, 403, "Forbidden", "Presence is not available to personal Microsoft accounts."),
        // COMPAT(graph): 401, not 403, as reported of the real service (graph-explorer issue 3096, R)
        new(OtherUser, 401, "Unauthorized", "Cannot set the presence of another user"),
        new(LimitReached, 403, "Forbidden", "{0}"),
        new(ControlForbidden, 403, "Forbidden", "{0}"),
        // COMPAT(graph): nodejs-webhooks-sample issue 175 (R)
        new(
            SubscriptionForbidden,
            403,
            "ExtensionError",
            "Operation: Create; Exception: [Status Code: Forbidden; Reason: The request is not authorized for this "
                + "user or application.]"
        ),
        // The wording of Graph for its own quota (R); in quotes the number and the name of ours.
        new(
            SubscriptionQuotaReached,
            403,
            "ExtensionError",
            "Operation: Create; Exception: [Status Code: Forbidden; Reason: App '{0}' has reached its "
                + "limit of '{1}' 'subscriptionsPerTenantMax' subscription on tenant '{2}']"
        ),
        new(
            InvalidVersion,
            400,
            "BadRequest",
            "Invalid version: '{0}'. A path begins with /v1.0 or /beta; so must the base URL of a client that does not add it by itself."
        ),
        new(MeNeedsDelegatedToken, 400, "BadRequest", "/me request is only valid with delegated authentication flow."),
        new(BadRequest, 400, "BadRequest", "{0}"),
        new(InvalidArgument, 400, "InvalidArgument", "{0}"),
        new(InvalidRequest, 400, "InvalidRequest", "{0}"),
        // COMPAT(graph): said of every body that is no subscription (microsoft-graph-docs issues 2231 and 3041, R)
        new(
            PayloadUnreadable,
            400,
            "InvalidRequest",
            "Could not process subscription creation payload. Are all property names spelled and camelCased properly?"
        ),
        // COMPAT(graph): microsoft-graph-docs issue 2988 (R)
        new(ExpirationTooLate, 400, "ExtensionError", "Subscription expiration can only be {0} minutes in the future."),
        // COMPAT(graph): aspnetcore-webhooks-sample issue 400 (R)
        new(PropertyValueInvalid, 400, "ValidationError", "Invalid property value for {0}"),
        new(ReceiverNotValidated, 400, "ValidationError", "{0}"),
        new(WatchedPersonUnknown, 400, "InvalidRequest", "The resource names people who are not in the tenant: {0}."),
        // COMPAT(graph): 500, as reported of the real service (msgraph-beta-sdk-dotnet issue 352, R)
        new(
            WatchedPersonUnknownToGraph,
            500,
            "InternalServerError",
            "The resource names people who are not in the tenant: {0}."
        ),
        new(UnknownSegment, 400, "BadRequest", "Resource not found for the segment '{0}'."),
        new(
            BatchTooLong,
            400,
            "MaximumValueExceeded",
            "Number of batch request steps exceeds the maximum value of {0}."
        ),
        new(UnsupportedQuery, 400, "Request_UnsupportedQuery", "{0}"),
        new(CountUnsupported, 400, "Request_BadRequest", "$count is not currently supported."),
        new(
            UserNotFound,
            404,
            "Request_ResourceNotFound",
            "Resource '{0}' does not exist or one of its queried reference-property objects are not present."
        ),
        new(NotFound, 404, "NotFound", "{0}"),
        // The real service's sentence is the name of an exception (R)
        new(ImageNotFound, 404, "ImageNotFound", "There is no photo of this person in that size."),
        new(SessionNotFound, 404, "NotFound", "Presence session not found."),
        new(SubscriptionNotFound, 404, "ResourceNotFound", "The object was not found."),
        // COMPAT(graph): spelt as received (aspnetcore-webhooks-sample issue 92, R)
        new(
            OwnerHasSubscription,
            409,
            "ExtensionError",
            "Operation: Create; Exception: [Status Code: Conflict; Reason: A subscripton already "
                + "exists. It must be deleted before a another can be made.]"
        ),
        new(
            SameSubscriptionExists,
            409,
            "Conflict",
            "Subscription Id {0} already exists for the requested combination of people and notificationUrl."
        ),
        new(
            MethodNotAllowed,
            405,
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target."
        ),
        // The status as observed; the words are those of the HTTP server in front of Graph (K)
        new(
            LengthRequired,
            411,
            "LengthRequired",
            "HTTP Error 411. The request must be chunked or have a content length."
        ),
        new(UnsupportedMediaType, 415, "UnsupportedMediaType", "{0}"),
        new(BodyTooLarge, 413, "RequestEntityTooLarge", "The body is larger than {0} bytes."),
        new(
            FailedDependency,
            424,
            "FailedDependency",
            "A request that this one depends on failed, so this one was not carried out."
        ),
        new(
            AnswerTooLarge,
            507,
            "InsufficientStorage",
            "The answers of this batch are larger than {0} bytes; make this request by itself."
        ),
        // COMPAT(graph): what the directory itself does not keep, in a list (user-list, D; docs issue 7555, R)
        new(NotInCollection, 501, "NotImplemented", "This operation target is not yet supported."),
        new(Throttled, 429, "TooManyRequests", "Please retry again later."),
        new(ServiceUnavailable, 503, "ServiceUnavailable", "{0}"),
        new(
            SequenceNotReached,
            504,
            "GatewayTimeout",
            "This node did not come to {0} within {1} s; it is at {2}. Ask again."
        ),
    ];

    private static readonly Row[] ByKind = [.. Rows.OrderBy(row => row.Kind)];

    /// <summary>The row of a kind.</summary>
    public static Row For(RefusalKind kind) => ByKind[(int)kind];
}
