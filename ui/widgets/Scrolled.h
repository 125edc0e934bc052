#pragma once

#include <QScrollArea>

namespace limpid {

/// `content` in a frameless area that scrolls it vertically and lets the card behind it show through.
QScrollArea* scrolled(QWidget* content, QWidget* parent);

} // namespace limpid
