#pragma once

class QFrame;
class QLabel;
class QWidget;

namespace limpid {

/// Words that wrap; dim where they only stand beside what matters.
QLabel* wrappedLabel(const char* objectName, QWidget* parent, bool dim = false);
/// What stands in the middle of a card while it has nothing to show.
QLabel* hintLabel(const char* objectName, QWidget* parent);
/// A hairline across.
QFrame* separatorLine(QWidget* parent);

} // namespace limpid
