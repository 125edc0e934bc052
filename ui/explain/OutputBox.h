#pragma once

class QComboBox;

namespace limpid {

class Card;

/// The choice of which class's prediction a card shows, among its controls; its owner fills it.
QComboBox* addOutputBox(const char* objectName, Card* card);

} // namespace limpid
