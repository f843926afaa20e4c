namespace OpenPresence.Server.Contracts;

/// <summary>The server does not start, and the operator can do something about it.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
