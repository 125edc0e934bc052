#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace limpid {

/// What an empty page shows: one sentence on what it is for and the one button that starts it.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const QString& icon, const QString& title, const QString& sentence, const QString& button,
               QWidget* parent = nullptr);
    void setSentence(const QString& sentence);
    QPushButton* button() const { return m_button; }

private:
    QLabel* m_sentence;
    QPushButton* m_button;
};

} // namespace limpid
