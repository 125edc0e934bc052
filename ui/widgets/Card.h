#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace limpid {

/// A card on the ground: a 40 px title row (title 600, subtitle dim beside it, controls at the right) above a body.
class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSubtitle(const QString& subtitle);
    /// Adds a small control at the right of the title row.
    void addControl(QWidget* control);
    /// The body; a content that grows is put into a scroll area by its owner.
    QVBoxLayout* body() const { return m_body; }

private:
    QLabel* m_title;
    QLabel* m_subtitle;
    QHBoxLayout* m_controls;
    QVBoxLayout* m_body;
};

} // namespace limpid
