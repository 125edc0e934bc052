#pragma once

namespace limpid {

/// The x below which a standard normal variable falls with probability p in (0, 1), to about 1e-15: Acklam's rational
/// approximation (2003), made exact by one step of Halley's method on erfc.
double normalQuantile(double p);

} // namespace limpid
