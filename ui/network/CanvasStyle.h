#pragma once

#include "ui/theme/Theme.h"

namespace limpid {

/// The theme's colours and fonts as the canvas draws with them: a value, so that a picture can be painted on a worker and
/// fonts are not made anew for each node.
struct CanvasStyle {
    ThemeColors colors;
    QFont title, body, small, mark;

    CanvasStyle() = default;
    explicit CanvasStyle(const Theme& theme);
};

} // namespace limpid
